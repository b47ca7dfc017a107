import type { PageState } from '@pagebridge/contracts';

type Content = NonNullable<PageState['content']>;

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
