import { describe, expect, it } from '@jest/globals';
import { type AlertState, type Connection, type PageCommand, type PageState } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { type Answer, applyAnswer, giveUp } from '../attempts/apply-answer.ts';
import { begin, restored } from '../attempts/attempt.ts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { isStillWanted } from '../changes.fixtures.ts';
import { after, aPage, aResolve, at, received } from '../commands/commands.fixtures.ts';
import { decide } from '../commands/decide.ts';
import { isOpen } from '../commands/joining.ts';
import { reported, unreportedOutcomes } from '../outcomes.ts';
import { isEnded, pageOf } from '../page.ts';
import { maxLivePages } from '../policy.ts';
import { failOver } from './failover.ts';

const first = aConnection({ connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', slug: 'globex-eu' });
const backup = aConnection({ connectionId: '00000000-0000-4000-8000-00000000000b', slug: 'globex-ap' });
const known =
  (...connections: readonly Connection[]) =>
  (id: string) =>
    connections.find(({ connectionId }) => connectionId === id);
const both = known(first, backup);

const failover = {
  connectionId: backup.connectionId,
  teamId: 'team-7',
  teamHandle: 'operations',
  afterFailures: 3,
  afterSeconds: 120,
};
const command = aPage({ failover });
const { pageId } = command;
const created: Answer = { kind: 'created', destinationPageId: 'd-1' };
const refused: Answer = { kind: 'refused', detail: 'no such team' };
const failed = (mayHaveCreated = false): Answer => ({
  kind: 'failed',
  cause: 'server',
  detail: 'answered 503',
  mayHaveCreated,
  waitMs: 0,
});

const published = (state: AlertState): AlertState =>
  reported(
    state,
    unreportedOutcomes(state).map(({ outcome }) => outcome),
  );
const order = (state: AlertState, its: PageCommand, now = at(its.occurredAt.slice(11, 19))) =>
  decide(state, received(its), now, defaultPolicy);
const answered = (state: AlertState, id: string, answer: Answer, now = at('12:03'), connectionOf = both) =>
  applyAnswer(begin(state, id, now), id, answer, now, connectionOf);
const backupIn = (state: AlertState): PageState => {
  const page = state.pages.find(({ failoverOf }) => failoverOf);
  if (!page) throw new Error('no page failed over');
  return page;
};
const endOf = (state: AlertState, id: string) => {
  const { status, reason } = pageOf(state, id) ?? {};
  return reason ? `${status}: ${reason}` : status;
};

const backupOfWarned = (warned: PageCommand): string =>
  backupIn(failOver(after(warned), warned.pageId, both, at('12:02'))).pageId;

const waiting = after(command);
const raised = failOver(waiting, pageId, both, at('12:02'));
const spare = backupIn(raised);

describe('a page that is not accepted in time', () => {
  it('fails over after the configured seconds, and not before', () => {
    expect(failOver(waiting, pageId, both, at('12:01:59'))).toBe(waiting);
    expect(spare).toMatchObject({
      connectionId: backup.connectionId,
      teamId: 'team-7',
      teamHandle: 'operations',
      status: 'pending',
      attempts: 0,
      possibleDuplicate: false,
      failoverOf: { pageId, connectionId: command.connectionId, teamId: command.teamId, slug: 'globex-eu' },
    });
    expect(pageOf(raised, pageId)).toMatchObject({ status: 'pending', failedOverTo: spare.pageId });
  });

  it('fails over in the same change as the failure that reaches the limit', () => {
    const twice = answered(answered(waiting, pageId, failed(), at('12:00')), pageId, failed(), at('12:00'));
    expect(twice.pages).toHaveLength(1);
    expect(answered(twice, pageId, failed(), at('12:00')).pages).toHaveLength(2);
  });

  it('fails over once, to the same page however often the failover is decided', () => {
    expect(failOver(raised, pageId, both, at('13:00'))).toBe(raised);
    expect(backupIn(failOver(waiting, pageId, both, at('12:30'))).pageId).toBe(spare.pageId);
    expect(failOver(raised, spare.pageId, both, at('15:00'))).toBe(raised);
  });

  it('waits while the backup is disabled, unknown or of another org, and then fails over', () => {
    for (const connectionOf of [
      known(first),
      known(first, { ...backup, enabled: false }),
      known(first, { ...backup, sourceOrg: 'umbrella' }),
    ]) {
      expect(failOver(waiting, pageId, connectionOf, at('12:30'))).toBe(waiting);
    }
    expect(failOver(waiting, pageId, both, at('12:31')).pages).toHaveLength(2);
  });

  it('fails over at once when its destination refuses it for good, and still gets a dead letter', () => {
    const state = answered(waiting, pageId, refused, at('12:00'));
    expect(endOf(state, pageId)).toBe('undeliverable: rejected');
    expect(unreportedOutcomes(state).map(({ outcome }) => outcome.outcome)).toEqual(['undeliverable']);
    expect(backupIn(state)).toMatchObject({ status: 'pending', title: command.title, commandRecord: { offset: 0 } });
  });

  it('fails over when it is given up as too old, but not when its connection is disabled or deleted', () => {
    const old = aPage({ failover: { ...failover, afterSeconds: 14_400 } });
    const givenUp = (reason: 'too-old' | 'connection-disabled' | 'connection-unknown') =>
      giveUp(after(old), old.pageId, reason, '', at('12:01'), both).pages.length;
    expect(['too-old', 'connection-disabled', 'connection-unknown'].map((it) => givenUp(it as 'too-old'))).toEqual([
      2, 1, 1,
    ]);
  });
});

describe('a page and its backup', () => {
  it('the accepted backup cancels the waiting page', () => {
    const state = answered(raised, spare.pageId, created);
    expect([endOf(state, pageId), endOf(state, spare.pageId)]).toEqual(['superseded: failed-over', 'delivered']);
    expect(unreportedOutcomes(state).map(({ outcome }) => outcome)).toMatchObject([
      { outcome: 'superseded', reason: 'failed-over', pageId },
      { outcome: 'delivered', pageId: spare.pageId, failoverOf: { pageId } },
    ]);
  });

  it('the accepted page cancels the waiting backup', () => {
    const state = answered(raised, pageId, created);
    expect([endOf(state, pageId), endOf(state, spare.pageId)]).toEqual(['delivered', 'superseded: not-needed']);
  });

  it.each([
    ['the backup', spare.pageId, pageId],
    ['the page', pageId, spare.pageId],
  ])('only %s stays open if both are sent at the same moment and it is answered first', (_what, winner, loser) => {
    const calling = begin(begin(raised, pageId, at('12:03')), spare.pageId, at('12:03'));
    const won = applyAnswer(calling, winner, created, at('12:04'), both);
    expect(isStillWanted(won, loser)).toBe(false);
    const open = applyAnswer(won, loser, { ...created, destinationPageId: 'd-2' }, at('12:05'), both);
    expect([endOf(open, winner), endOf(open, loser)]).toEqual(['delivered', 'resolving']);
    const lost = applyAnswer(won, loser, failed(true), at('12:05'), both);
    expect(pageOf(lost, loser)).toMatchObject({ status: 'superseded', possibleDuplicate: true });
    expect(pageOf(restored(won, at('12:05')), loser)?.status).toBe('superseded');
  });

  it('each is still attempted if the other is given up', () => {
    const alone = answered(raised, spare.pageId, refused);
    expect([endOf(alone, pageId), endOf(alone, spare.pageId)]).toEqual(['pending', 'undeliverable: rejected']);
    expect(endOf(answered(alone, pageId, created), pageId)).toBe('delivered');
    const other = giveUp(raised, pageId, 'too-old', '', at('16:00'), both);
    expect(endOf(answered(other, spare.pageId, created), spare.pageId)).toBe('delivered');
  });

  it('a recovery ends both, in any status', () => {
    const calling = begin(raised, spare.pageId, at('12:03'));
    const { state } = decide(calling, received(aResolve()), at('12:10'), defaultPolicy);
    expect(endOf(state, pageId)).toBe('superseded: recovered');
    expect(endOf(applyAnswer(state, spare.pageId, created, at('12:11'), both), spare.pageId)).toBe('resolving');
    const delivered = answered(raised, spare.pageId, created);
    expect(endOf(decide(delivered, received(aResolve()), at('12:10'), defaultPolicy).state, spare.pageId)).toBe(
      'resolving',
    );
  });
});

describe('a re-trigger', () => {
  const again = aPage({ failover, occurredAt: at('12:20').toISOString() });
  const hosts = (state: AlertState, its = again) => {
    const { state: next, events } = order(state, its);
    return { next, joined: events.map(({ outcome }) => outcome.joinedPageId) };
  };

  it('joins the one that is open', () => {
    expect(hosts(raised).joined).toEqual([pageId]);
    expect(hosts(answered(raised, pageId, created)).joined).toEqual([pageId]);
    expect(hosts(published(answered(raised, spare.pageId, created))).joined).toEqual([spare.pageId]);
  });

  it('counts for both, so that an older recovery ends neither', () => {
    const { next } = hosts(raised);
    const { state } = decide(next, received(aResolve()), at('12:21'), defaultPolicy);
    expect(state.pages.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  it('of the backup’s own team is a separate page, which nothing cancels', () => {
    const own = aPage({ connectionId: backup.connectionId, teamId: 'team-7' });
    const { state } = order(raised, own);
    expect(answered(state, pageId, created).pages.map((page) => endOf(state, page.pageId))).toHaveLength(3);
    expect(endOf(answered(state, pageId, created), own.pageId)).toBe('pending');
  });

  it('that is more urgent resolves the backup of a warning once it or its own backup is delivered', () => {
    const warned = aPage({ failover, urgency: 'low', transition: 'warned' });
    const low = answered(failOver(after(warned), warned.pageId, both, at('12:02')), backupOfWarned(warned), created);
    const { state } = order(low, again);
    expect(endOf(answered(state, again.pageId, created, at('12:21')), backupOfWarned(warned))).toBe('resolving');

    const over = failOver(state, again.pageId, both, at('12:22'));
    const urgent = over.pages.find((page) => page.failoverOf?.pageId === again.pageId)?.pageId ?? '';
    expect(endOf(over, backupOfWarned(warned))).toBe('delivered');
    expect(endOf(answered(over, urgent, created, at('12:23')), backupOfWarned(warned))).toBe('resolving');
    // The backup of the refused page may still be accepted; the warning is open again only once both are given up.
    const given = answered(over, again.pageId, refused, at('12:23'));
    expect(pageOf(given, backupOfWarned(warned))?.replacedBy).toBe(again.pageId);
    const reopened = answered(given, urgent, refused, at('12:24'));
    expect(isOpen(pageOf(reopened, backupOfWarned(warned)) as PageState)).toBe(true);
  });
});

describe('a warning whose create is in flight when the urgent page is commanded', () => {
  const warned = aPage({ failover, urgency: 'low', transition: 'warned' });
  const urgent = aPage({ failover, occurredAt: at('12:20').toISOString() });
  const low = backupOfWarned(warned);

  it('is resolved if it is created after the backup of the urgent page was delivered', () => {
    const { state } = order(begin(after(warned), warned.pageId, at('12:00')), urgent);
    const over = failOver(state, urgent.pageId, both, at('12:22'));
    const delivered = answered(over, backupIn(over).pageId, created, at('12:22'));
    expect(endOf(applyAnswer(delivered, warned.pageId, created, at('12:23'), both), warned.pageId)).toBe('resolving');
  });

  it('stays cancelled by its backup if the urgent page is given up', () => {
    const calling = failOver(after(warned), warned.pageId, both, at('12:02'));
    const { state } = order(begin(begin(calling, warned.pageId, at('12:03')), low, at('12:03')), urgent);
    const won = applyAnswer(state, low, created, at('12:21'), both);
    const reopened = answered(won, urgent.pageId, refused, at('12:22'), known(first));
    expect(endOf(reopened, low)).toBe('delivered');
    expect(endOf(applyAnswer(reopened, warned.pageId, created, at('12:23'), both), warned.pageId)).toBe('resolving');
  });
});

describe('a replay', () => {
  const replay = (state: AlertState | undefined, its: PageCommand, from: string) =>
    decide(state, { ...received(its), replay: { from, possibleDuplicate: false } }, at('16:00'), defaultPolicy);
  const commandOfBackup = aPage({
    ...command,
    pageId: spare.pageId,
    connectionId: backup.connectionId,
    teamId: 'team-7',
    teamHandle: 'operations',
    ...(spare.failoverOf ? { failoverOf: spare.failoverOf } : {}),
  });
  const { failover: _failover, ...backupCommand } = commandOfBackup;
  const backupGivenUp = published(answered(raised, spare.pageId, refused));
  const bothGivenUp = published(answered(backupGivenUp, pageId, refused));

  it('of a backup is attempted beside its page while the page waits, and pages nobody once the page is delivered', () => {
    const { state } = replay(backupGivenUp, backupCommand, 'dead/0/1');
    expect(state.pages.map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(endOf(answered(state, spare.pageId, created, at('16:01')), pageId)).toBe('superseded: failed-over');

    const delivered = published(answered(backupGivenUp, pageId, created));
    const { events } = decide(
      delivered,
      { ...received(backupCommand), replay: { from: 'dead/0/1', possibleDuplicate: false } },
      at('12:30'),
      defaultPolicy,
    );
    expect(events.map(({ outcome }) => [outcome.outcome, outcome.joinedPageId])).toEqual([['joined', pageId]]);
  });

  it('of a page may fail over again, to a new backup, never to two at a time', () => {
    const { state } = replay(bothGivenUp, command, 'dead/0/2');
    expect(endOf(state, pageId)).toBe('pending');
    const again = failOver(state, pageId, both, at('16:02'));
    const [next] = again.pages.filter((page) => page.failoverOf && !isEnded(page));
    expect(next?.pageId).not.toBe(spare.pageId);

    const withBoth = replay(state, backupCommand, 'dead/0/1').state;
    expect(failOver(withBoth, pageId, both, at('16:02'))).toBe(withBoth);
  });

  it('of a page joins a delivered backup, and is attempted beside a waiting one', () => {
    const refusedFirst = published(answered(waiting, pageId, refused, at('12:00')));
    const { pageId: spareId } = backupIn(refusedFirst);
    const beside = replay(refusedFirst, command, 'dead/0/1').state;
    expect(beside.pages.map(({ status }) => status)).toEqual(['pending', 'pending']);
    const delivered = published(answered(refusedFirst, spareId, created, at('12:01')));
    const { events } = decide(
      delivered,
      { ...received(command), replay: { from: 'dead/0/1', possibleDuplicate: false } },
      at('12:30'),
      defaultPolicy,
    );
    expect(events.map(({ outcome }) => outcome.joinedPageId)).toEqual([spareId]);
  });

  it('of a page whose backup was delivered also pages its own team if requested, and the backup stays open', () => {
    const refusedFirst = published(answered(waiting, pageId, refused, at('12:00')));
    const { pageId: spareId } = backupIn(refusedFirst);
    const delivered = published(answered(refusedFirst, spareId, created, at('12:01')));
    const anew = { from: 'dead/0/1', possibleDuplicate: false, forceNewPage: true };
    const { state, events } = decide(delivered, { ...received(command), replay: anew }, at('12:30'), defaultPolicy);
    expect(events).toEqual([]);
    expect(failOver(state, pageId, both, at('12:40'))).toBe(state);
    const paged = answered(state, pageId, { ...created, destinationPageId: 'd-2' }, at('12:31'));
    expect([endOf(paged, pageId), endOf(paged, spareId)]).toEqual(['delivered', 'delivered']);
  });

  it('marks a backup as a possible duplicate if the answer of a former backup was lost', () => {
    const lost = answered(answered(raised, spare.pageId, failed(true)), spare.pageId, refused);
    const { state } = replay(published(answered(lost, pageId, refused)), command, 'dead/0/2');
    const again = failOver(state, pageId, both, at('16:02'));
    expect(again.pages.filter((page) => !isEnded(page)).map((page) => page.possibleDuplicate)).toEqual([false, true]);
  });
});

describe('the room of an alert', () => {
  it('reserves room for backups before they are needed, so that each of its pages can fail over', () => {
    const most = maxLivePages / 2;
    let state: AlertState | undefined;
    for (let n = 0; n < most; n += 1) {
      const decision = decide(state, received(aPage({ teamId: `team-${n}`, failover })), at('12:00'), defaultPolicy);
      expect(decision.refused).toBeUndefined();
      state = decision.state;
    }
    const full = state as AlertState;
    expect(decide(full, received(aPage({ teamId: 'one-more' })), at('12:00'), defaultPolicy).refused).toBeDefined();
    const all = full.pages.reduce((before, page) => failOver(before, page.pageId, both, at('12:02')), full);
    expect(all.pages.filter((page) => !isEnded(page))).toHaveLength(maxLivePages);
    expect(decide(all, received(aPage({ teamId: 'one-more' })), at('12:02'), defaultPolicy).refused).toBeDefined();
  });
});
