import { describe, expect, it } from '@jest/globals';
import type { Contender } from '@pagebridge/handle-registry';
import { aConnection } from '@pagebridge/testing';
import { whyFirst } from './claims.ts';

const contender = (name: string, its: Partial<Contender> = {}): Contender => ({
  matched: 'exact',
  connection: aConnection({ name }),
  teamId: 't',
  teamHandle: 'core',
  qualifiedHandle: '@oncall-eu/core',
  ...its,
});
const at = (day: number) => ({ claimedAt: `2026-01-0${day}T00:00:00.000Z` });

describe('the reason why the first of several contenders has a name', () => {
  it('is that its team was seen with the name, or its slug was taken, before all others', () => {
    expect(whyFirst([contender('EU', at(1)), contender('AP', at(2))])).toBe(
      'Of 2 teams that claim it, the team of connection "EU" has precedence: it was first read with this handle at 2026-01-01T00:00:00.000Z, before all others.',
    );
    expect(whyFirst([contender('EU', { ...at(1), matched: 'qualified' }), contender('AP', at(2))])).toContain(
      'the team of connection "EU" has precedence: its connection got the slug of the handle at 2026-01-01T00:00:00.000Z, before all others.',
    );
  });

  it('is the order of claims of the same time, or the age of the connection if no team has the name any more', () => {
    expect(whyFirst([contender('EU', at(1)), contender('AP', at(1))])).toContain('then the older connection.');
    const former = { matched: 'renamed' } as const;
    expect(whyFirst([contender('EU', former), contender('AP', former)])).toBe(
      'No team has this handle now. Of 2 teams that had it, the team of connection "EU" has precedence, because its connection is the oldest.',
    );
  });

  it('is undefined for a single contender', () => {
    expect(whyFirst([contender('EU', at(1))])).toBeUndefined();
  });
});
