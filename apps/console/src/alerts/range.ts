const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** How far back alerts are listed, as the filter `from` names it. */
export const spans = {
  '6h': { words: 'the last 6 hours', ms: 6 * hourMs },
  '24h': { words: 'the last 24 hours', ms: dayMs },
  '7d': { words: 'the last 7 days', ms: 7 * dayMs },
  '30d': { words: 'the last 30 days', ms: 30 * dayMs },
} as const;
export type Span = keyof typeof spans;

/** Returns the span that a filter names: the last 6 hours if it names none, undefined if it is a time. */
export const spanIn = (from = ''): Span | undefined => {
  if (from === '') return '6h';
  return Object.hasOwn(spans, from) ? (from as Span) : undefined;
};

interface Times {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly q?: string | undefined;
}

// page-history searches texts of seven days; a margin keeps a slow clock within them.
const maxSearchMs = 7 * dayMs - hourMs / 6;

/** Returns the time from which alerts are listed; a search for a text reaches back seven days at most. */
export function startOf({ from, to, q }: Times, now: number): string {
  const span = spanIn(from);
  const start = span === undefined ? Date.parse(from ?? '') : now - spans[span].ms;
  if (Number.isNaN(start)) return from ?? '';
  const end = to === undefined ? now : Date.parse(to);
  return new Date(q ? Math.max(start, end - maxSearchMs) : start).toISOString();
}
