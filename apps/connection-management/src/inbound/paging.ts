import { invalid } from '@pagebridge/service';
import type { Request } from 'express';
import type { Page, PageQuery } from '../application/ports.ts';
import type { PageRequest } from './dto/page-request.ts';

/** Where a list goes on that is in the order of the ids of what is made here. */
export const idCursor = /^[0-9a-f-]{36}$/;

/** Reads a page request; a cursor that this list did not give out is refused. */
export function pageQueryOf({ limit, cursor }: PageRequest, form: RegExp): PageQuery {
  if (cursor === undefined) return { limit, after: undefined };
  const after = Buffer.from(cursor, 'base64url').toString();
  if (form.test(after)) return { limit, after };
  const message = 'cursor is not one that this list gave out';
  throw invalid([{ field: 'cursor', message, cure: 'Follow the `next` link, or start without a cursor.' }]);
}

/** A page as it is answered, with the path of the next one. */
export const pageAnswer = <T, A>(
  { items, next }: Page<T>,
  request: Request,
  limit: number,
  present: (item: T) => A,
): { items: A[]; next: string | null } => ({
  items: items.map(present),
  next: next ? `${request.path}?limit=${limit}&cursor=${Buffer.from(next).toString('base64url')}` : null,
});
