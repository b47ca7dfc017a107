const hourMs = 60 * 60 * 1000;

/** How far back the changes are listed. handle-sync answers for seven days: a margin keeps a slow clock within them. */
export const spans = {
  '1h': { words: 'the last hour', ms: hourMs },
  '24h': { words: 'the last 24 hours', ms: 24 * hourMs },
  '7d': { words: 'the last 7 days', ms: 7 * 24 * hourMs - hourMs / 6 },
} as const;

/** Returns the span that a filter names; the last 24 hours for any other text. */
export const spanIn = (text = ''): keyof typeof spans => (Object.hasOwn(spans, text) ? (text as '1h') : '24h');
