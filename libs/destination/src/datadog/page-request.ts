import type { PageRequest } from '../destination.ts';
import { idIn, type Json, objectIn } from './json.ts';

/** Returns the body of the request to create a page. */
export function pageBody({ teamId, title, urgency, description, tags }: PageRequest): string {
  const attributes = {
    title: wellFormed(title),
    urgency,
    description: description && wellFormed(description),
    tags: tags?.map(wellFormed),
    target: { type: 'team_id', identifier: teamId },
  };
  return JSON.stringify({ data: { type: 'pages', attributes } });
}

// A text that its source cut may end with a lone surrogate, for which a strict JSON parser would refuse the whole page.
const wellFormed = (text: string): string => text.toWellFormed();

/** Returns the id of the created page; undefined if the answer has none. */
export function createdPage(body: Json): { readonly id: string } | undefined {
  const id = idIn(objectIn(body.data)?.id);
  return id === undefined ? undefined : { id };
}
