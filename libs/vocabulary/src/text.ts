/** Returns a copy of a text that shares no memory with it: a slice keeps the whole text from which it was cut in memory. */
export const ownCopy = (text: string): string => structuredClone(text);

/** Returns a text with its control characters escaped, which a terminal would obey, or which would begin another line. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`);
