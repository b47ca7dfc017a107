import { describe, expect, it } from '@jest/globals';
import { ofKind } from '../changes.fixtures.ts';
import { dueCall, type Effect } from '../effects.ts';
import type { Input } from '../step.ts';
import { visitEveryOrder } from './search.fixtures.ts';
import { type Rules, rules } from './world.fixtures.ts';

const withInput = (change: (input: Input) => Input): Rules => ({
  ...rules,
  step: (alert, input, ...rest) => rules.step(alert, change(input), ...rest),
});
const withEffects = (change: (effects: readonly Effect[], input: Input) => readonly Effect[]): Rules => ({
  ...rules,
  step: (alert, input, ...rest) => {
    const { alert: after, effects } = rules.step(alert, input, ...rest);
    return { alert: after, effects: change(effects, input) };
  },
});

describe.each([
  ['another team', 'team-7'],
  ['the same team', 'team-42'],
])('in every order of seven events on an alert with a page that has a backup, and one for %s', (_, secondTeam) => {
  it('no page is lost, stuck, created twice without a tag, or created after its recovery', () => {
    const { states, broken } = visitEveryOrder(7, rules, secondTeam);
    process.stdout.write(`${states} states after at most seven events\n`);
    expect(broken).toBeUndefined();
  });
});

describe('the search finds', () => {
  it.each<[string, RegExp, Rules]>([
    [
      'two calls of one page at once',
      /created twice, without a tag$/,
      withEffects((effects, { kind }) =>
        kind === 'begun' ? ofKind(effects, 'call-off').map(({ page }) => dueCall(page, 'create')) : effects,
      ),
    ],
    [
      'a tag that is left out',
      /created twice, without a tag$/,
      withInput((input) =>
        input.kind === 'answered' && input.answer.kind === 'failed'
          ? { ...input, answer: { ...input.answer, mayHaveCreated: false } }
          : input,
      ),
    ],
    [
      'a resolve that is dropped',
      /stays resolving$/,
      withEffects((effects) => effects.filter((effect) => effect.kind !== 'call' || effect.callKind !== 'resolve')),
    ],
    [
      'an offset that is committed before the write',
      /(is lost|created after its recovery)$/,
      { ...rules, commits: 'at once' },
    ],
  ])('%s', (_, broken, mutant) => {
    expect(visitEveryOrder(7, mutant, 'team-7').broken?.join(', ')).toMatch(broken);
  });
});
