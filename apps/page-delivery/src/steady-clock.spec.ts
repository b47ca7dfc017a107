import { afterEach, expect, it, jest } from '@jest/globals';
import { due } from '@pagebridge/page-lifecycle';
import { steadyClock } from '@pagebridge/service';
import { aConnection } from '@pagebridge/testing';
import { defaultPolicy } from '../../../libs/page-lifecycle/src/attempts/policy.fixtures.ts';
import { after, aPage } from '../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

it('does not give a page up when the wall clock is set an hour ahead', () => {
  const start = Date.now();
  const takenAt = new Date(start - defaultPolicy.maxAgeMs + 30 * 60_000);
  const connection = aConnection();
  const state = after(aPage({ connectionId: connection.connectionId, occurredAt: takenAt.toISOString() }));
  const [page] = state.pages;
  if (!page) throw new Error('no page');
  expect(due(state, page, connection, new Date(start + 60 * 60_000), defaultPolicy)).toMatchObject({
    reason: 'too-old',
  });
  jest.spyOn(Date, 'now').mockReturnValue(start + 60 * 60_000);
  expect(due(state, page, connection, steadyClock.now(), defaultPolicy)).toMatchObject({ kind: 'call' });
});
