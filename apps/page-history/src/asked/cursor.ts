import { invalid } from '@pagebridge/service';

/** The place in a list that is ordered by time and id, the latest first. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

const form = /^(\d{1,14})-([0-9a-f]{1,32})$/;

/** Returns the place of a `next` link. Throws the problem of one that no list has issued. */
export function cursorIn(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const [, atMs, id] = form.exec(text) ?? [];
  if (atMs !== undefined && id !== undefined) return { at: new Date(Number(atMs)), id };
  const message = 'cursor was not issued by this list';
  throw invalid([{ field: 'cursor', message, cure: 'Follow the `next` link, or start without a cursor.' }]);
}

export const cursorOf = ({ at, id }: Cursor): string => `${at.getTime()}-${id}`;
