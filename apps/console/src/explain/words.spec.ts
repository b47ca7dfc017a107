import { describe, expect, it } from '@jest/globals';
import { usual } from './draft.ts';
import type { Decision } from './queries.ts';
import { noteOf, summaryOf, wordsOf } from './words.ts';

const connection = { connectionId: 'c1', name: 'Initech AP', slug: 'initech-ap', enabled: true };
const team = { teamId: 't1', teamHandle: 'network' };
const page: Decision = { kind: 'page', mention: 'network', matched: 'exact', connection, team, urgency: 'high' };
const unknown: Decision = { kind: 'unrouted', mention: 'core-infr', reason: 'unknown-handle', detail: 'Was … meant?' };

describe('wordsOf', () => {
  it('says which team a handle pages, over which connection, and how', () => {
    expect(wordsOf(page)).toEqual({
      state: 'paged',
      word: 'Page',
      says: 'team network over Initech AP',
      details: ['exact', 'urgency high', 'backup: none'],
    });
  });

  it('says that an unknown handle pages the fallback', () => {
    expect(wordsOf({ ...page, matched: 'fallback' })).toMatchObject({ state: 'warning', word: 'Fallback' });
  });

  it.each([
    [{ connectionId: 'c2', teamHandle: 'ops' }, 'backup: ops after 120 s'],
    [
      { connectionId: 'c2', teamHandle: 'ops', afterSeconds: 60, afterFailures: 3 },
      'backup: ops after 60 s or 3 failures',
    ],
    [
      { connectionId: 'c2', teamHandle: 'ops', reason: 'unknown-handle', detail: 'Name another.' },
      'no backup: Name another.',
    ],
  ] as const)('names the backup %j', (failover, words) => {
    expect(wordsOf({ ...page, failover }).details).toContain(words);
  });

  it('says that a handle pages nobody, with the reason, unless it would wait', () => {
    expect(wordsOf(unknown)).toEqual({
      state: 'unknown',
      word: 'Unknown',
      says: 'pages nobody',
      details: ['Was … meant?'],
    });
    expect(wordsOf({ ...unknown, waitingUntil: '2026-11-29T03:22:00.000Z' }).says).toBe('');
  });

  it.each(['manual-origin', 'local', 'registry-incomplete', 'connection-disabled'] as const)(
    'has words for %s',
    (reason) => {
      expect(wordsOf({ kind: 'unrouted', mention: 'a', reason }).word).toMatch(/^[A-Z]/);
    },
  );

  it('has words for a shared page and for a recovery', () => {
    expect(wordsOf({ kind: 'same-page', connection, team, matched: 'renamed' }).word).toBe('Same page');
    expect(wordsOf({ kind: 'resolve' }).state).toBe('resolved');
  });
});

describe('summaryOf', () => {
  it('counts the decisions by their ends', () => {
    const local: Decision = { kind: 'unrouted', mention: 'a', reason: 'local' };
    expect(summaryOf([page, unknown])).toBe('1 page, 1 unknown');
    expect(summaryOf([page, page, { kind: 'same-page' }, local])).toBe('2 pages, 1 same page, 1 local');
    expect(summaryOf([{ kind: 'resolve' }])).toBe('1 resolve');
    expect(summaryOf([])).toBe('');
  });
});

describe('noteOf', () => {
  it('says that a text names no handle, and otherwise what page-routing says', () => {
    expect(noteOf('its words', usual)).toBe('The text has no @oncall- handle, so it pages nobody.');
    expect(noteOf('its words', { ...usual, transition: 'recovered' })).toBe('its words');
    expect(noteOf('its words', { ...usual, origin: 'manual' })).toBe('its words');
  });
});
