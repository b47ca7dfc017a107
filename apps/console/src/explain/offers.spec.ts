import { describe, expect, it } from '@jest/globals';
import type { Handle } from '../handles/queries.ts';
import { maxOffered, offersOf, stepped } from './offers.ts';

const aHandle = (teamHandle: string, its: Partial<Handle> = {}): Handle => ({
  handle: `@oncall-${teamHandle}`,
  teamHandle,
  teamName: 'Core Infra',
  connectionId: '0199f3a0-0000-7000-8000-000000000001',
  connectionName: 'Globex EU',
  dataCenter: 'EU1',
  qualifiedHandle: `@oncall-globex-eu/${teamHandle}`,
  ambiguous: false,
  lastCompleteSyncAt: null,
  ...its,
});
const textsOf = (handles: readonly Handle[]) => offersOf(handles).map(({ text }) => text);

describe('offersOf', () => {
  it('offers a handle that means one team as it is', () => {
    expect(offersOf([aHandle('core')])).toEqual([{ text: '@oncall-core', team: 'Core Infra', over: 'Globex EU' }]);
  });

  it('offers the qualified handle of each team first where a handle may mean several, and the plain one once', () => {
    const other = { connectionName: 'Initech', qualifiedHandle: '@oncall-initech/core' };
    const both = [aHandle('core', { ambiguous: true }), aHandle('core', { ambiguous: true, ...other })];
    expect(textsOf(both)).toEqual(['@oncall-globex-eu/core', '@oncall-core', '@oncall-initech/core']);
  });

  it('offers no more than fit the menu', () => {
    const many = Array.from({ length: 20 }, (_, index) => aHandle(`t${index}`, { ambiguous: true }));
    expect(offersOf(many)).toHaveLength(maxOffered);
  });
});

describe('stepped', () => {
  it('goes round in both directions, also from no place', () => {
    expect([stepped(-1, 1, 3), stepped(0, 1, 3), stepped(2, 1, 3)]).toEqual([0, 1, 0]);
    expect([stepped(-1, -1, 3), stepped(0, -1, 3), stepped(2, -1, 3)]).toEqual([2, 2, 1]);
  });
});
