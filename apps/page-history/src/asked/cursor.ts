/** The place in a list that is ordered by time and id, the latest first. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

export const cursorPattern = /^\d{1,14}-[0-9a-f]{1,32}$/;

/** Returns the place in a text that has the form of a cursor. */
export function cursorIn(text: string): Cursor {
  const [atMs = '', id = ''] = text.split('-');
  return { at: new Date(Number(atMs)), id };
}

export const cursorOf = ({ at, id }: Cursor): string => `${at.getTime()}-${id}`;
