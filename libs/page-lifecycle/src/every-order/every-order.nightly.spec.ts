import { expect, it } from '@jest/globals';
import { visitEveryOrder } from './search.fixtures.ts';
import { rules } from './world.fixtures.ts';

it.each(['team-7', 'team-42'])('no order of nine events breaks a promise, with a second page for %s', (secondTeam) => {
  const { states, broken } = visitEveryOrder(9, rules, secondTeam);
  process.stdout.write(`${states} states after at most nine events\n`);
  expect(broken).toBeUndefined();
});
