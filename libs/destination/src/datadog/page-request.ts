import type { PageRequest } from '../destination.ts';
import { idIn, type Json, objectIn } from './json.ts';

/** The request's body as the paging host takes it. */
export function pageBody(page: PageRequest): string {
  const { title, urgency, description, tags } = page;
  const target =
    'teamId' in page
      ? { type: 'team_id', identifier: page.teamId }
      : { type: 'team_handle', identifier: page.teamHandle };
  const attributes = {
    title: wellFormed(title),
    urgency,
    description: description && wellFormed(description),
    tags: tags?.map(wellFormed),
    target,
  };
  return JSON.stringify({ data: { type: 'pages', attributes } });
}

// Half a surrogate pair, as a text cut by its source may end with, is refused by strict readers of JSON, and the page with it.
const wellFormed = (text: string): string => text.toWellFormed();

/** The created page's id, opaque; undefined where the answer names none. */
export function createdPage(body: Json): { readonly id: string } | undefined {
  const id = idIn(objectIn(body.data)?.id);
  return id === undefined ? undefined : { id };
}
