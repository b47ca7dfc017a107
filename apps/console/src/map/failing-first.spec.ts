import { expect, it } from '@jest/globals';
import type { Connection } from '../connections/queries.ts';
import { failingFirst } from './failing-first.ts';

const withStatus = (...all: readonly string[]) => all.map((status) => ({ status }) as Connection);

it('orgs are shown with those that fail first, then those that could not be read', () => {
  const read = [
    { org: 'acme', connections: withStatus('active', 'disabled') },
    { org: 'hooli', connections: undefined },
    { org: 'initech', connections: withStatus('active', 'failing') },
    { org: 'umbrella', connections: withStatus('active') },
  ];
  expect(failingFirst(read).map(({ org }) => org)).toEqual(['initech', 'hooli', 'acme', 'umbrella']);
});
