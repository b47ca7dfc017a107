import { isFields, textOf } from './fields.ts';
import type { Link } from './source-alert.ts';
import { lineOf } from './text.ts';

const most = { links: 32, title: 256, url: 2048 };
// A longer one is not even parsed.
const mostToParse = 2 * most.url;

/** Returns the first links as their contract takes them: absolute, of http, and with escapes for what RFC 3986 does not let stand in a URL. */
export const linksOf = (links: readonly Link[]): Link[] => links.slice(0, most.links).flatMap(linkOf);

/** Returns the links of a list of objects, by the names of their fields. */
export const linksIn = (list: unknown, url: string, title: string): Link[] =>
  linksOf(
    (Array.isArray(list) ? list.slice(0, most.links) : [])
      .filter(isFields)
      .map((each) => ({ title: textOf(each, title) ?? 'Link', url: textOf(each, url) ?? '' })),
  );

function linkOf({ title, url }: Link): Link[] {
  if (url.length > mostToParse || !/^https?:\/\//.test(url) || !URL.canParse(url)) return [];
  const { origin, pathname, search, hash } = new URL(url);
  const fragment = hash === '' ? '' : `#${escaped(hash.slice(1)).replaceAll('#', '%23')}`;
  const href = origin + escaped(pathname + search) + fragment;
  return href.length <= most.url ? [{ title: lineOf(title, most.title) || 'Link', url: href }] : [];
}

const escaped = (part: string): string =>
  part.replaceAll(/%(?![0-9a-f]{2})/gi, '%25').replaceAll(/[^\w\-.~:/?#@!$&'()*+,;=%]+/g, encodeURIComponent);
