/** Returns a copy of a text that shares no memory with it: a slice keeps the whole text from which it was cut in memory. */
export const ownCopy = (text: string): string => structuredClone(text);

/** Returns a text with its control characters escaped, which a terminal would obey, or which would begin another line. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`);

const farthestMs = 8.64e15;

/** Returns a time in milliseconds since 1970 as RFC 3339; undefined if no Date can hold it, since producers may write any number. */
export const momentText = (ms: number): string | undefined =>
  Math.abs(ms) <= farthestMs ? new Date(ms).toISOString() : undefined;

/** Returns the place of a record as one text: `paging.alerts.v1/4/1182`. */
export const placeOf = ({
  topic,
  partition,
  offset,
}: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}): string => `${topic}/${partition}/${offset}`;
