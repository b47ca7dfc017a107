import { invalid, nextPage } from '@pagebridge/service';
import type { Request } from 'express';
import type { Page, PageQuery } from '../application/ports.ts';
import type { PageRequest } from './dto/page-request.ts';

/** The form of a cursor of a list that is ordered by id. */
export const idCursor = /^[0-9a-f-]{36}$/;

/** Parses a page request. Refuses a cursor that this list did not issue. */
export function pageQueryOf({ limit, cursor }: PageRequest, form: RegExp): PageQuery {
  if (cursor === undefined) return { limit, after: undefined };
  const after = Buffer.from(cursor, 'base64url').toString();
  if (form.test(after)) return { limit, after };
  const message = 'cursor is not from this list';
  throw invalid([{ field: 'cursor', message, cure: 'Follow the `next` link, or start without a cursor.' }]);
}

/** Returns a page as it is answered, with the path of the next one, which keeps the filters. */
export const pageAnswer = <T, A>(
  { items, next }: Page<T>,
  request: Request,
  limit: number,
  present: (item: T) => A,
): { items: A[]; next: string | null } => ({
  items: items.map(present),
  next: next ? nextPage(request, { limit, cursor: Buffer.from(next).toString('base64url') }) : null,
});
