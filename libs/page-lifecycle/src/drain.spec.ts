import { describe, expect, it } from '@jest/globals';
import { applyAnswer } from './attempts/apply-answer.ts';
import { begin } from './attempts/attempt.ts';
import { defaultPolicy } from './attempts/policy.fixtures.ts';
import { after, aPage, aResolve, at, received } from './commands/commands.fixtures.ts';
import { decide } from './commands/decide.ts';
import { drained, tallyOf } from './drain.ts';
import { unreportedOutcomes } from './outcomes.ts';

const now = at('12:00');
const command = aPage();
const { pageId, connectionId } = command;
const pending = after(command);
const attempting = begin(pending, pageId, now);
const open = applyAnswer(attempting, pageId, { kind: 'created', destinationPageId: 'd-1' }, now);
const resolvedOf = (state: typeof open) => applyAnswer(state, pageId, { kind: 'resolved' }, now);

describe('an alert over a connection that is being deleted', () => {
  it('has its open page resolved, with the reason', () => {
    const state = drained(open, connectionId, at('12:01'));
    expect(state.pages[0]).toMatchObject({ status: 'resolving', reason: 'connection-deleted' });
    expect(tallyOf(state, connectionId)).toEqual({ open: 1, resolved: 0, unresolved: 0 });
    const ended = resolvedOf(state);
    expect(tallyOf(ended, connectionId)).toEqual({ open: 0, resolved: 1, unresolved: 0 });
    expect(unreportedOutcomes(ended).map(({ outcome }) => [outcome.outcome, outcome.reason])).toEqual([
      ['delivered', undefined],
      ['resolved', 'connection-deleted'],
    ]);
  });

  it('keeps the pages over another connection, and the pages that are not delivered', () => {
    expect(drained(open, 'another', now)).toBe(open);
    for (const state of [pending, attempting]) {
      expect(drained(state, connectionId, now)).toBe(state);
      expect(tallyOf(state, connectionId)).toEqual({ open: 1, resolved: 0, unresolved: 0 });
    }
  });

  it('counts only pages that the deletion resolved, and separately those that could not be resolved', () => {
    const recovered = decide(open, received(aResolve()), at('12:10'), defaultPolicy).state;
    const state = drained(recovered, connectionId, at('12:11'));
    expect(state).toBe(recovered);
    expect(tallyOf(resolvedOf(state), connectionId)).toEqual({ open: 0, resolved: 0, unresolved: 0 });
    const refused = applyAnswer(drained(open, connectionId, now), pageId, { kind: 'refused', detail: 'no' }, now);
    expect(tallyOf(refused, connectionId)).toEqual({ open: 0, resolved: 0, unresolved: 1 });
  });
});
