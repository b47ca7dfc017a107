import { handleOf, mentionSpans, namesWithin } from '@pagebridge/vocabulary';
import type { Decision } from './queries.ts';

/** A part of a text: a handle, or what stands between two. */
export interface Piece {
  readonly at: number;
  readonly text: string;
  readonly isHandle: boolean;
  /** The place of its decision, from 1; undefined for what no decision is about. */
  readonly number?: number | undefined;
}

/** Returns a text in its parts: together they are the text. */
export function piecesOf(text: string, decisions: readonly Decision[]): Piece[] {
  const numberOf = numbering(decisions);
  const spans = mentionSpans(text);
  const between = (at: number, end: number): Piece => ({ at, text: text.slice(at, end), isHandle: false });
  const pieces = spans.flatMap(({ start, end, mention }, index): Piece[] => [
    between(spans[index - 1]?.end ?? 0, start),
    { at: start, text: text.slice(start, end), isHandle: true, number: numberOf(mention) },
  ]);
  return [...pieces, between(spans.at(-1)?.end ?? 0, text.length)].filter((piece) => piece.text !== '');
}

/** A decision names the first mention of its handle: `@oncall-a` and `@oncall-a.` are often the same. */
function numbering(decisions: readonly Decision[]): (mention: string) => number | undefined {
  const numbers = new Map<string | undefined, number>();
  for (const [index, decision] of decisions.entries()) numbers.set(nameOf(decision), index + 1);
  for (const [index, { mention }] of decisions.entries()) numbers.set(mention, index + 1);
  return (mention) => numbers.get([mention, ...namesWithin(mention)].find((name) => numbers.has(name)) ?? '');
}

const nameOf = ({ mention, matched, name, namesTried }: Decision): string | undefined =>
  matched && matched !== 'fallback' ? name : (namesTried?.at(-1) ?? mention);

const plainName = (mention: string): string => [...namesWithin(mention)].at(-1) ?? mention;

/** Returns where a text names the handle of a mention, last first, without the punctuation after it. */
export function placesOf(text: string, mention: string): { readonly start: number; readonly end: number }[] {
  const name = plainName(mention);
  return mentionSpans(text)
    .filter((span) => plainName(span.mention) === name)
    .map(({ start }) => ({ start, end: start + handleOf(name).length }))
    .reverse();
}
