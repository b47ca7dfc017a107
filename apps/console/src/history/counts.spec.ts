import { describe, expect, it } from '@jest/globals';
import { type Counts, pagesOver } from './counts.ts';

const asOf = '2026-11-30T12:00:00.000Z';
const now = Date.parse(asOf);
const ofGlobex = { connectionId: 'globex', open: 2, waiting: 1, lastAcceptedAt: null };
const counts: Counts = { items: [ofGlobex], asOf, keptSince: asOf, lag: [], leftOut: 0 };

describe('the pages of a connection', () => {
  it('are counted, also where there are none', () => {
    expect(pagesOver('globex', counts, now)).toBe('2 open, 1 waiting');
    expect(pagesOver('initech', counts, now)).toBe('0 open, 0 waiting');
  });

  it('are at least as many while the history is more than half a minute behind', () => {
    expect(pagesOver('globex', counts, now + 30_001)).toBe('≥ 2 open, ≥ 1 waiting');
  });

  it('are unknown until the history has been read once', () => {
    expect(pagesOver('globex', { ...counts, asOf: null }, now)).toBe('pages unknown');
  });
});
