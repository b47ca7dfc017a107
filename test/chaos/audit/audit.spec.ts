import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { floodOrg } from '../world.ts';
import { audit, isClean } from './audit.ts';
import { HistoryBuilder } from './history.fixtures.ts';
import { callMayTakeMs } from './rules.ts';

const paging = (message = '@oncall-core') => ({ message });
const recovered = { transition: 'recovered', message: '' } as const;

/** Returns the rules that a history breaks, with their details. */
const broken = ({ history }: HistoryBuilder) =>
  audit(history)
    .findings.filter(({ kind }) => kind !== 'duplicateTagged')
    .map(({ kind, rule }) => `${kind} ${rule}`);

/** Adds an alert with its page. */
function paged(builder: HistoryBuilder, alertKey = 'cpu') {
  const alert = builder.alert(alertKey, paging());
  const command = builder.command(alert);
  return { alert, command, page: builder.page(command) };
}

describe('the audit reports as lost', () => {
  it('an acknowledged alert whose handle has neither a page command nor an unrouted record', () => {
    const builder = new HistoryBuilder();
    builder.command(builder.alert('cpu', paging('@oncall-core @oncall-data')));
    expect(broken(builder)).toEqual(['lost L1', 'lost L3']);
  });

  it('an acknowledged alert that is not in the topic', () => {
    const builder = new HistoryBuilder();
    builder.alert('cpu', paging());
    builder.history.alerts = [];
    expect(broken(builder)).toEqual(['lost L1']);
  });

  it('an unacknowledged alert if it is in the topic, but not otherwise', () => {
    const builder = new HistoryBuilder();
    builder.alert('cpu', paging());
    builder.history.sent = builder.history.sent.map((sent) => ({ ...sent, acknowledged: false }));
    expect(broken(builder)).toEqual(['lost L1']);
    builder.history.alerts = [];
    expect(broken(builder)).toEqual([]);
  });

  it('a recovery without a resolve command', () => {
    const builder = new HistoryBuilder();
    builder.alert('cpu', recovered);
    expect(broken(builder)).toEqual(['lost L1']);
  });

  it('an unreadable record that is not among the dead letters', () => {
    const builder = new HistoryBuilder();
    builder.history.sent.push({ eventId: 'p', key: 'acme-us/p', digest: 'bytes', acknowledged: true });
    expect(broken(builder)).toEqual(['lost L2']);
    builder.history.deadLetters.push({ topic: 'paging.alerts.v1', key: '', digest: 'bytes', reason: 'not-json' });
    expect(broken(builder)).toEqual([]);
  });

  it('a handle that became known in time for an alert that has not recovered, and was not paged', () => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    const alert = builder.alert('cpu', paging());
    builder.waits(alert, '@oncall-core');
    expect(broken(builder)).toEqual([]);
    builder.team('core');
    expect(broken(builder)).toEqual(['lost L10']);
    builder.page(builder.command(alert, 'core', { tags: ['late'] }));
    expect(broken(builder)).toEqual([]);
    expect(audit(builder.history)).toMatchObject({ late: 1, both: 0, unrouted: 1 });
  });

  it('but not a handle that became known after its alert had recovered', () => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    builder.waits(builder.alert('cpu', paging()), '@oncall-core');
    builder.resolve(builder.alert('cpu', recovered));
    builder.team('core');
    expect(broken(builder)).toEqual([]);
  });

  it('a command without a final outcome, however often it was retried', () => {
    const builder = new HistoryBuilder();
    builder.outcome(builder.command(builder.alert('cpu', paging())), 'retried');
    expect(broken(builder)).toEqual(['lost L3']);
  });

  it('a command without an outcome although its page exists', () => {
    const builder = new HistoryBuilder();
    builder.page(builder.command(builder.alert('cpu', paging())), { silent: true });
    expect(broken(builder)).toEqual(['lost L3']);
  });

  it('a delivered page that is not in the destination', () => {
    const builder = new HistoryBuilder();
    const { page } = paged(builder);
    builder.history.pages = builder.history.pages.filter(({ id }) => id !== page.id);
    expect(broken(builder)).toEqual(['lost L4']);
  });

  it('an undeliverable page without a dead letter, or with a reason that never existed', () => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    const command = builder.command(builder.alert('cpu', paging()));
    builder.outcome(command, 'undeliverable', { reason: 'connection-unknown' });
    expect(broken(builder)).toEqual(['lost L5']);
    const { pageId } = command;
    builder.history.deadLetters.push({ topic: 'c', key: '', digest: 'd', reason: 'connection-unknown', pageId });
    expect(broken(builder)).toEqual(['lost L9']);
    builder.connection(undefined);
    expect(broken(builder)).toEqual([]);
  });

  it('a page given up as one of too many, unless its org floods', () => {
    for (const sourceOrg of ['acme-us', floodOrg]) {
      const builder = new HistoryBuilder();
      const command = builder.command(builder.alert('cpu', paging()), 'core', { sourceOrg });
      builder.outcome(command, 'undeliverable', { reason: 'too-many-waiting' });
      const { pageId } = command;
      builder.history.deadLetters.push({ topic: 'c', key: '', digest: 'd', reason: 'too-many-waiting', pageId });
      expect(broken(builder)).toEqual(sourceOrg === floodOrg ? [] : ['lost L9']);
    }
  });

  it('a handle that was known all the time but is unrouted as unknown, or pages another team', () => {
    for (const isKnown of [true, false]) {
      const builder = new HistoryBuilder();
      builder.connection({ enabled: true });
      builder.team('core');
      if (!isKnown) builder.forgotten('core', true);
      builder.unrouted(builder.alert('cpu', paging()), '@oncall-core');
      const other = builder.command(builder.alert('disk', paging()), 'data', { handle: '@oncall-core' });
      builder.page(other);
      expect(broken(builder)).toEqual(isKnown ? ['lost L8', 'lost L8', 'unroutedWrongly U1'] : []);
    }
  });

  it('but not a handle of a connection that was created after the alert', () => {
    const builder = new HistoryBuilder();
    builder.team('core');
    builder.unrouted(builder.alert('cpu', paging()), '@oncall-core');
    builder.connection({ enabled: true });
    expect(broken(builder)).toEqual([]);
  });

  it('a command that joined a page without an end', () => {
    const builder = new HistoryBuilder();
    const first = builder.command(builder.alert('cpu', paging()));
    const second = builder.command(builder.alert('cpu', paging()));
    builder.outcome(second, 'joined', { joinedPageId: first.pageId });
    expect(broken(builder)).toEqual(['lost L3', 'lost L6']);
  });

  it('a superseded page without a reason, or with a recovery from before its trigger', () => {
    const builder = new HistoryBuilder();
    builder.resolve(builder.alert('cpu', recovered));
    const command = builder.command(builder.alert('cpu', paging()));
    builder.outcome(command, 'superseded', { reason: 'recovered' });
    expect(broken(builder)).toEqual(['lost L7']);
    builder.resolve(builder.alert('cpu', recovered));
    expect(broken(builder)).toEqual([]);
  });
});

describe('the audit reports as unrouted wrongly', () => {
  const unknownAfter = (happens: (builder: HistoryBuilder) => void) => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    builder.team('core');
    happens(builder);
    builder.unrouted(builder.alert('cpu', paging()), '@oncall-core');
    return broken(builder);
  };

  it('a handle that became unknown although its destination never deleted the team', () => {
    expect(unknownAfter((builder) => builder.forgotten('core', false))).toEqual(['unroutedWrongly U1']);
    expect(unknownAfter((builder) => builder.forgotten('core', true))).toEqual([]);
  });

  it('the former handle of a renamed team', () => {
    expect(unknownAfter((builder) => builder.team('core', 'renamed'))).toEqual(['unroutedWrongly U1']);
  });

  it('but not a handle whose connection was deleted', () => {
    expect(unknownAfter((builder) => builder.connection(undefined))).toEqual([]);
  });

  it('but not a handle that became known just before, because a frozen router may not have read it', () => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    builder.alert('disk', { message: '' });
    builder.team('core');
    builder.unrouted(builder.alert('cpu', paging()), '@oncall-core');
    expect(audit(builder.history).unroutedWrongly).toBe(0);
  });
});

describe('the audit reports as duplicate', () => {
  it('two pages of one id without the tag', () => {
    const builder = new HistoryBuilder();
    const { command } = paged(builder);
    builder.page(command, { silent: true });
    expect(broken(builder)).toEqual(['duplicateUntagged D1']);
  });

  it('but not two of which one has the tag, whichever came first', () => {
    for (const tags of [[false, true] as const, [true, false] as const]) {
      const builder = new HistoryBuilder();
      const command = builder.command(builder.alert('cpu', paging()));
      builder.page(command, { tagged: tags[0], silent: true });
      builder.page(command, { tagged: tags[1] });
      expect(audit(builder.history)).toMatchObject({ duplicatesUntagged: 0, duplicatesTagged: 1, lost: 0 });
    }
  });

  it('a re-trigger that paged again while its page was open', () => {
    const builder = new HistoryBuilder();
    paged(builder);
    paged(builder);
    expect(broken(builder)).toEqual(['duplicateUntagged D2']);
  });

  it('but not a page after a recovery, or an urgent one after a warning', () => {
    const builder = new HistoryBuilder();
    const { page } = paged(builder);
    builder.resolve(builder.alert('cpu', recovered));
    builder.resolved(page);
    paged(builder);
    const warning = builder.command(builder.alert('disk', { ...paging(), transition: 'warned' }));
    builder.resolved(builder.page(warning));
    paged(builder, 'disk');
    expect(broken(builder)).toEqual([]);
  });
});

describe('the audit of failover', () => {
  /** Adds an alert whose page failed over. */
  const failedOver = (builder: HistoryBuilder) => {
    const command = builder.command(builder.alert('cpu', paging()));
    return { command, backup: builder.backup(command) };
  };
  const superseded = (builder: HistoryBuilder, command: PageCommand) =>
    builder.outcome(command, 'superseded', { reason: 'failed-over' });

  it('accepts a delivered backup and a superseded page, or the reverse', () => {
    for (const isBackup of [true, false]) {
      const builder = new HistoryBuilder();
      const { command, backup } = failedOver(builder);
      const [winner, loser] = isBackup ? [backup, command] : [command, backup];
      builder.page(winner);
      superseded(builder, loser);
      const found = audit(builder.history);
      expect(found).toMatchObject({ failedOver: 1, delivered: 1, superseded: 1, lost: 0, orderViolations: 0 });
    }
  });

  it('accepts two pages that were delivered at the same moment if exactly one stays open', () => {
    const builder = new HistoryBuilder();
    const { command, backup } = failedOver(builder);
    const [first, second] = [builder.page(command), builder.page(backup)];
    expect(broken(builder)).toEqual(['duplicateUntagged D3']);
    builder.resolved(first);
    expect(broken(builder)).toEqual([]);
    builder.resolved(second);
    expect(broken(builder)).toEqual(['orderViolation O2', 'orderViolation O2']);
  });

  it('accepts a backup that a more urgent page of the original team superseded', () => {
    const builder = new HistoryBuilder();
    const warning = builder.command(builder.alert('cpu', { ...paging(), transition: 'warned' }));
    const page = builder.page(builder.backup(warning));
    superseded(builder, warning);
    paged(builder);
    builder.resolved(page);
    expect(broken(builder)).toEqual([]);
  });

  it('reports a page superseded by a backup without an end, and a backup without an end', () => {
    const builder = new HistoryBuilder();
    const { command, backup } = failedOver(builder);
    superseded(builder, command);
    expect(broken(builder)).toEqual(['lost L7', 'lost L3']);
    builder.outcome(backup, 'superseded', { reason: 'not-needed' });
    expect(broken(builder)).toEqual(['lost L7', 'lost L7']);
  });

  it('accepts a page that is open or resolved after a former recovery was sent again', () => {
    const builder = new HistoryBuilder();
    const recovery = builder.alert('cpu', recovered);
    builder.resolve(recovery);
    const command = builder.command(builder.alert('cpu', paging()));
    const page = builder.page(command);
    expect(broken(builder)).toEqual([]);
    const [topic, partition, offset] = recovery.alertRecord.split('/');
    builder.resolve({ ...recovery, alertRecord: `${topic}/${partition}/${Number(offset) + 100}` });
    expect(broken(builder)).toEqual([]);
    builder.resolved(page);
    expect(broken(builder)).toEqual([]);
  });

  it('reports a backup that is open after the recovery, or resolved although a later trigger joined its page', () => {
    const builder = new HistoryBuilder();
    const { command, backup } = failedOver(builder);
    const recovery = builder.alert('cpu', recovered);
    const again = builder.command(builder.alert('cpu', paging()));
    builder.outcome(again, 'joined', { joinedPageId: command.pageId });
    const page = builder.page(backup);
    superseded(builder, command);
    builder.resolve(recovery);
    expect(broken(builder)).toEqual([]);
    builder.resolved(page);
    expect(broken(builder)).toEqual(['orderViolation O2']);
    builder.history.pages = builder.history.pages.map((it) => ({ ...it, resolved: false }));
    builder.resolve(builder.alert('cpu', recovered));
    expect(broken(builder)).toEqual(['orderViolation O1']);
  });

  it('reports a re-trigger that paged again while the backup was open, and a backup that is not in the ledger', () => {
    const builder = new HistoryBuilder();
    const { command, backup } = failedOver(builder);
    builder.page(backup);
    superseded(builder, command);
    builder.page(builder.command(builder.alert('cpu', paging())));
    expect(broken(builder)).toEqual(['duplicateUntagged D2']);
    builder.history.states = [];
    expect(broken(builder)).toContain('orderViolation O3');
  });
});

describe('the audit of an alert whose sources have different clocks', () => {
  const behind = { ...recovered, occurredAt: '2026-05-31T23:58:00.000Z' } as const;
  const ahead = { ...recovered, occurredAt: '2026-06-01T00:02:00.000Z' } as const;

  it('counts a recovery behind its trigger, whatever their clocks say', () => {
    const builder = new HistoryBuilder();
    const { page } = paged(builder);
    builder.resolve(builder.alert('cpu', behind));
    expect(broken(builder)).toEqual(['orderViolation O1']);
    builder.resolved(page);
    expect(broken(builder)).toEqual([]);
    builder.page(builder.command(builder.alert('cpu', paging())));
    expect(broken(builder)).toEqual([]);
  });

  it('counts no recovery before a trigger, whatever their clocks say', () => {
    const builder = new HistoryBuilder();
    builder.resolve(builder.alert('cpu', ahead));
    const command = builder.command(builder.alert('cpu', paging()));
    builder.outcome(command, 'superseded', { reason: 'recovered' });
    builder.resolve(builder.alert('disk', ahead));
    builder.resolved(paged(builder, 'disk').page);
    expect(broken(builder)).toEqual(['lost L7', 'orderViolation O2']);
  });

  it('counts a recovery five minutes before a trigger by their clocks', () => {
    const builder = new HistoryBuilder();
    builder.resolve(builder.alert('cpu', { ...recovered, occurredAt: '2026-06-01T00:06:00.000Z' }));
    const command = builder.command(builder.alert('cpu', paging()));
    builder.outcome(command, 'superseded', { reason: 'recovered' });
    expect(broken(builder)).toEqual([]);
  });

  it('requires no late page after a recovery behind its alert, and permits one after a recovery before it', () => {
    const builder = new HistoryBuilder();
    builder.connection({ enabled: true });
    builder.waits(builder.alert('cpu', paging()), '@oncall-core');
    builder.resolve(builder.alert('cpu', behind));
    builder.resolve(builder.alert('disk', ahead));
    const again = builder.alert('disk', paging());
    builder.waits(again, '@oncall-core');
    builder.team('core');
    builder.outcome(builder.command(again, 'core', { tags: ['late'] }), 'superseded', { reason: 'recovered' });
    expect(broken(builder)).toEqual([]);
  });
});

describe('the audit reports as out of order', () => {
  it('a page that is open after its alert recovered', () => {
    const builder = new HistoryBuilder();
    const { page } = paged(builder);
    builder.resolve(builder.alert('cpu', recovered));
    expect(broken(builder)).toEqual(['orderViolation O1']);
    builder.resolved(page);
    expect(broken(builder)).toEqual([]);
  });

  it('but not one with a justified `unresolved` outcome', () => {
    const builder = new HistoryBuilder();
    const { command } = paged(builder);
    builder.resolve(builder.alert('cpu', recovered));
    builder.outcome(command, 'unresolved', { reason: 'connection-disabled' });
    expect(broken(builder)).toEqual(['orderViolation O1']);
    builder.connection({ enabled: false });
    expect(broken(builder)).toEqual([]);
  });

  it('but not one with a superseded outcome and a possible duplicate, even if a former owner wrote another outcome', () => {
    const builder = new HistoryBuilder();
    const command = builder.command(builder.alert('cpu', paging()));
    builder.resolve(builder.alert('cpu', recovered));
    builder.outcome(command, 'superseded', { possibleDuplicate: true });
    builder.page(command);
    expect(broken(builder)).toEqual([]);
    expect(audit(builder.history)).toMatchObject({ contradicted: 1 });
  });

  it('a page that an older recovery resolved although a younger trigger fires', () => {
    const builder = new HistoryBuilder();
    const { command, page } = paged(builder);
    const recovery = builder.alert('cpu', recovered);
    const again = builder.command(builder.alert('cpu', paging()));
    builder.outcome(again, 'joined', { joinedPageId: command.pageId });
    builder.resolve(recovery);
    builder.resolved(page);
    expect(broken(builder)).toEqual(['orderViolation O2']);
  });

  it('a page that is resolved while its alert fires, unless its connection was deleted', () => {
    for (const isDeleted of [false, true]) {
      const builder = new HistoryBuilder();
      const { command, page } = paged(builder);
      builder.resolved(page);
      builder.outcome(command, 'resolved', { reason: 'connection-deleted' });
      builder.connection({ enabled: false });
      if (isDeleted) builder.connection(undefined);
      expect(broken(builder)).toEqual(isDeleted ? [] : ['orderViolation O2']);
    }
  });

  it('a page of a superseded command, unless its outcome allows a possible duplicate', () => {
    for (const possibleDuplicate of [false, true]) {
      const builder = new HistoryBuilder();
      const command = builder.command(builder.alert('cpu', paging()));
      builder.page(command, { silent: true });
      builder.resolve(builder.alert('cpu', recovered));
      builder.outcome(command, 'superseded', { possibleDuplicate });
      expect(broken(builder)).toEqual(possibleDuplicate ? [] : ['orderViolation O3']);
    }
  });

  it('a page without a page command', () => {
    const builder = new HistoryBuilder();
    paged(builder);
    builder.history.commands = [];
    expect(broken(builder)).toEqual(['lost L1', 'orderViolation O3']);
  });

  it('a late page of a handle that was not waiting', () => {
    const builder = new HistoryBuilder();
    const alert = builder.alert('cpu', paging());
    builder.unrouted(alert, '@oncall-core');
    builder.page(builder.command(alert, 'core', { tags: ['late'] }));
    expect(broken(builder)).toEqual(['orderViolation O5']);
  });

  it('a late page command after the resolve of its alert, even if it pages nobody', () => {
    const builder = new HistoryBuilder();
    const alert = builder.alert('cpu', paging());
    builder.waits(alert, '@oncall-core');
    builder.resolve(builder.alert('cpu', recovered));
    builder.outcome(builder.command(alert, 'core', { tags: ['late'] }), 'superseded', { reason: 'recovered' });
    expect(broken(builder)).toEqual(['orderViolation O6']);
  });

  it('a page that was created after the ledger recorded its end', () => {
    const builder = new HistoryBuilder();
    const command = builder.command(builder.alert('cpu', paging()));
    builder.resolve(builder.alert('cpu', recovered));
    builder.state(command, { status: 'attempting', ending: 'recovered' });
    const [state] = builder.history.states;
    const createdAt = (state?.timestamp ?? 0) + callMayTakeMs + 1;
    builder.resolved(builder.page(command, { createdAt }));
    expect(broken(builder)).toEqual(['orderViolation O4']);
  });
});

describe('the audit', () => {
  it('counts alerts and their results', () => {
    const builder = new HistoryBuilder();
    const { command } = paged(builder);
    builder.outcome(builder.command(builder.alert('cpu', paging())), 'joined', { joinedPageId: command.pageId });
    const found = audit(builder.history);
    expect(found).toMatchObject({ alerts: 2, handles: 2, delivered: 1, joined: 1, superseded: 0, deadLettered: 0 });
    expect(isClean(found)).toBe(true);
  });

  it('accepts the page of a fallback as the answer for every handle in its note', () => {
    const builder = new HistoryBuilder();
    const alert = builder.alert('cpu', paging('@oncall-nobody @oncall-noone'));
    const named = '@oncall-nobody (nearest known: @oncall-body), @oncall-noone';
    const description = `${named} are unknown in source org acme-us. Their fallback @oncall-core is paged instead.`;
    builder.page(builder.command(alert, 'core', { handle: '@oncall-nobody', matched: 'fallback', description }));
    expect(audit(builder.history)).toMatchObject({ handles: 2, fallback: 1, delivered: 1, lost: 0 });
  });

  it('counts a handle that is both paged and unrouted without reporting it', () => {
    const builder = new HistoryBuilder();
    const { alert } = paged(builder);
    builder.unrouted(alert, '@oncall-core');
    expect(audit(builder.history)).toMatchObject({ both: 1, lost: 0 });
  });
});
