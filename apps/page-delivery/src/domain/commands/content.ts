import type { PageState } from '@pagebridge/contracts';

/** What a page says. */
export type Content = NonNullable<PageState['content']>;

// Names and brackets as JSON writes them.
const frame = JSON.stringify({ title: '', description: '', tags: [], links: [] }).length;
const perTag = '"",'.length;
const perLink = '{"title":"","url":""},'.length;

/** The most characters that a page's content takes as JSON in which nothing is escaped. */
export function contentLength({ title, description, tags, links }: Content): number {
  let length = frame + title.length + description.length;
  for (const tag of tags) length += perTag + tag.length;
  for (const link of links) length += perLink + link.title.length + link.url.length;
  return length;
}

/** Do both say the same, also where one was read back from the ledger? */
export const isSameContent = (one: Content, other: Content): boolean =>
  one.title === other.title &&
  one.description === other.description &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, index) => tag === other.tags[index]) &&
  one.links.length === other.links.length &&
  one.links.every(({ title, url }, index) => title === other.links[index]?.title && url === other.links[index]?.url);
