import { mentionsIn } from '@pagebridge/vocabulary';
import { entriesOf } from './fields.ts';

/** Returns the first `length` characters of a text, never half of a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

/** Returns the first `length` characters of what these texts make together; what is beyond them costs nothing. */
export function joined(texts: readonly string[], separator: string, length: number): string {
  const kept: string[] = [];
  let room = length;
  for (const text of texts) {
    if (room <= 0) break;
    kept.push(cut(text, room));
    room -= text.length + separator.length;
  }
  return kept.join(separator);
}

/** Returns a text as one line: white space and control characters become one space. */
export const lineOf = (text: string, length: number): string =>
  cut(
    // With room for such characters.
    cut(text, 4 * length)
      .toWellFormed()
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    length,
  );

/** Returns a text up to the mention that follows so many: no alert pages as many teams. */
export function untilMention(text: string, many: number): string {
  let seen = 0;
  for (const { index } of text.matchAll(/@oncall-/gi)) {
    if (seen === many) return text.slice(0, index);
    seen += 1;
  }
  return text;
}

/** Returns a text in which no handle is a mention. */
export const withoutMentions = (text: string): string => text.replaceAll(/@(?=oncall-)/gi, '@ ');

// More than an alert can have recipients.
const [mostWords, mostOfWords] = [256, 8192];

/**
 * Returns the recipients of a field such as `oncall`: handles with or without `@oncall-`, with commas or spaces between them, also in
 * brackets or quotes. Words that name no handle are left out, so that they do not stand in the way of the default handle.
 */
export const recipientsIn = (field: string): string[] =>
  cut(field, mostOfWords)
    .split(/[\s,;]+/, mostWords)
    .flatMap((word) => {
      const handle = word.replace(/^[["'`(<{#]+/, '').replace(/^@?(oncall-)?/i, '');
      return mentionsIn(`@oncall-${handle}`)
        .slice(0, 1)
        .map((mention) => `oncall-${mention}`);
    });

/** Returns the recipients for the handles of a text that are not in a shorter form of it. */
export function mentionsBeyond(text: string, kept: string): string[] {
  if (kept.startsWith(text)) return [];
  const known = new Set(mentionsIn(kept));
  return mentionsIn(text)
    .filter((mention) => !known.has(mention))
    .map((mention) => `oncall-${mention}`);
}

/** Returns a value of JSON as text, not deeper than people read, and not more than `values` of its parts. */
export function plain(value: unknown, values = 1000): string {
  let left = values;
  const partOf = (part: unknown, levels: number): string => {
    left -= 1;
    if (typeof part === 'string') return part;
    if (typeof part !== 'object' || part === null) return String(part);
    if (levels === 0 || left <= 0) return '…';
    return Array.isArray(part)
      ? part
          .slice(0, left)
          .map((each) => partOf(each, levels - 1))
          .join(', ')
      : entriesOf(part)
          .slice(0, left)
          .map(([name, each]) => `${name}: ${partOf(each, levels - 1)}`)
          .join(', ');
  };
  return partOf(value, 3);
}
