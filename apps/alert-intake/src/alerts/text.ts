import { mentionsIn } from '@pagebridge/vocabulary';

/** Returns the first `length` characters of a text, never half of a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

/** Returns a text as one line: white space and control characters become one space. */
export const lineOf = (text: string, length: number): string =>
  cut(
    text
      .toWellFormed()
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    length,
  );

/** Returns a text in which no handle is a mention. */
export const withoutMentions = (text: string): string => text.replaceAll(/@(?=oncall-)/gi, '@ ');

/**
 * Returns the recipients of a field such as `oncall`: handles with or without `@oncall-`, with commas or spaces between them, also in
 * brackets or quotes. Words that name no handle are left out, so that they do not stand in the way of the default handle.
 */
export const recipientsIn = (field: string): string[] =>
  field.split(/[\s,;]+/).flatMap((word) => {
    const handle = word.replace(/^[["'`(<{#]+/, '').replace(/^@?(oncall-)?/i, '');
    return mentionsIn(`@oncall-${handle}`)
      .slice(0, 1)
      .map((mention) => `oncall-${mention}`);
  });

/** Returns the recipients for the handles of a text that are not in a shorter form of it. */
export function mentionsBeyond(text: string, kept: string): string[] {
  if (text === kept) return [];
  const known = new Set(mentionsIn(kept));
  return mentionsIn(text)
    .filter((mention) => !known.has(mention))
    .map((mention) => `oncall-${mention}`);
}

/** Returns a value of JSON as text, not deeper than people read. */
export function plain(value: unknown, levels = 3): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (levels === 0) return '…';
  if (Array.isArray(value))
    return value
      .slice(0, 100)
      .map((each) => plain(each, levels - 1))
      .join(', ');
  return Object.entries(value)
    .slice(0, 100)
    .map(([name, each]) => `${name}: ${plain(each, levels - 1)}`)
    .join(', ');
}
