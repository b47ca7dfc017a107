import { expect, it } from '@jest/globals';
import { flat, textAt } from './items.ts';

it('a thing is shown to people field by field, with those within, and without empty ones', () => {
  const thing = {
    slug: 'globex',
    deletion: null,
    destinationOrg: { name: 'Globex' },
    permissions: ['a', 'b'],
    checks: [{ name: 'api-key', result: 'failed', cure: 'Rotate it.' }],
  };
  expect(flat(thing)).toEqual({
    slug: 'globex',
    'destinationOrg.name': 'Globex',
    permissions: 'a, b',
    'checks.api-key': 'failed · Rotate it.',
  });
});

it('a column shows a field within, or nothing', () => {
  const item = { contenders: [{ team: { handle: 'a' } }], teams: 0 };
  expect([
    textAt(item, 'contenders.0.team.handle'),
    textAt(item, 'contenders.1.team.handle'),
    textAt(item, 'teams'),
  ]).toEqual(['a', '', '0']);
});
