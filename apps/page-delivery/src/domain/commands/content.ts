import type { PageState } from '@pagebridge/contracts';

/** The text, tags and links of a page. */
export type Content = NonNullable<PageState['content']>;

// The length of the field names and brackets in JSON.
const frame = JSON.stringify({ title: '', description: '', tags: [], links: [] }).length;
const perTag = '"",'.length;
const perLink = '{"title":"","url":""},'.length;

/** Returns an upper bound of the length of a page's content as JSON, before escaping. */
export function contentLength({ title, description, tags, links }: Content): number {
  let length = frame + title.length + description.length;
  for (const tag of tags) length += perTag + tag.length;
  for (const link of links) length += perLink + link.title.length + link.url.length;
  return length;
}

/** Compares by value, since a content that was read from the ledger is another object. */
export const isSameContent = (one: Content, other: Content): boolean =>
  one.title === other.title &&
  one.description === other.description &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, index) => tag === other.tags[index]) &&
  one.links.length === other.links.length &&
  one.links.every(({ title, url }, index) => title === other.links[index]?.title && url === other.links[index]?.url);
