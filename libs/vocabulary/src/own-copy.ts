/** Returns a copy of a text that shares no memory with it: a slice keeps the whole text from which it was cut in memory. */
export const ownCopy = (text: string): string => structuredClone(text);
