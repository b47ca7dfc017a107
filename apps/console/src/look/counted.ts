/** Returns a number of things in words: `1 alert`, `2 alerts`. */
export const counted = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
