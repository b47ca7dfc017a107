import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { audit, isClean } from './audit.ts';
import { Telling } from './history.features.ts';
import { callMayTakeMs } from './order.ts';

const paging = (message = '@oncall-core') => ({ message });
const recovered = { transition: 'recovered', message: '' } as const;

/** Rules that a history breaks, with what each means. */
const broken = ({ history }: Telling) =>
  audit(history)
    .findings.filter(({ kind }) => kind !== 'duplicateTagged')
    .map(({ kind, rule }) => `${kind} ${rule}`);

/** An alert that was paged. */
function paged(telling: Telling, alertKey = 'cpu') {
  const alert = telling.alert(alertKey, paging());
  const command = telling.command(alert);
  return { alert, command, page: telling.page(command) };
}

describe('the audit finds lost', () => {
  it('an acknowledged alert whose handle became neither command nor record', () => {
    const telling = new Telling();
    telling.command(telling.alert('cpu', paging('@oncall-core @oncall-data')));
    expect(broken(telling)).toEqual(['lost L1', 'lost L3']);
  });

  it('an acknowledged alert that is not even in the topic', () => {
    const telling = new Telling();
    telling.alert('cpu', paging());
    telling.history.alerts = [];
    expect(broken(telling)).toEqual(['lost L1']);
  });

  it('an alert in the topic that was not acknowledged, but not one that is nowhere', () => {
    const telling = new Telling();
    telling.alert('cpu', paging());
    telling.history.sent = telling.history.sent.map((sent) => ({ ...sent, acknowledged: false }));
    expect(broken(telling)).toEqual(['lost L1']);
    telling.history.alerts = [];
    expect(broken(telling)).toEqual([]);
  });

  it('a recovery that became no command', () => {
    const telling = new Telling();
    telling.alert('cpu', recovered);
    expect(broken(telling)).toEqual(['lost L1']);
  });

  it('an unreadable record that is not among the dead letters', () => {
    const telling = new Telling();
    telling.history.sent.push({ eventId: 'p', key: 'acme-us/p', digest: 'bytes', acknowledged: true });
    expect(broken(telling)).toEqual(['lost L2']);
    telling.history.deadLetters.push({ topic: 'paging.alerts.v1', key: '', digest: 'bytes', reason: 'not-json' });
    expect(broken(telling)).toEqual([]);
  });

  it('a handle that became known in time for an alert that has not recovered, and was not paged', () => {
    const telling = new Telling();
    telling.connection({ enabled: true });
    const alert = telling.alert('cpu', paging());
    telling.waits(alert, '@oncall-core');
    expect(broken(telling)).toEqual([]);
    telling.team('core');
    expect(broken(telling)).toEqual(['lost L10']);
    telling.page(telling.command(alert, 'core', { tags: ['late'] }));
    expect(broken(telling)).toEqual([]);
    expect(audit(telling.history)).toMatchObject({ late: 1, both: 0, unrouted: 1 });
  });

  it('no handle that became known after its alert had recovered', () => {
    const telling = new Telling();
    telling.connection({ enabled: true });
    telling.waits(telling.alert('cpu', paging()), '@oncall-core');
    telling.resolve(telling.alert('cpu', recovered));
    telling.team('core');
    expect(broken(telling)).toEqual([]);
  });

  it('a command without a final outcome, however often it was retried', () => {
    const telling = new Telling();
    telling.outcome(telling.command(telling.alert('cpu', paging())), 'retried');
    expect(broken(telling)).toEqual(['lost L3']);
  });

  it('an outcome that was dropped although the page is there', () => {
    const telling = new Telling();
    telling.page(telling.command(telling.alert('cpu', paging())), { silent: true });
    expect(broken(telling)).toEqual(['lost L3']);
  });

  it('a page that is said to be delivered and is not there', () => {
    const telling = new Telling();
    const { page } = paged(telling);
    telling.history.pages = telling.history.pages.filter(({ id }) => id !== page.id);
    expect(broken(telling)).toEqual(['lost L4']);
  });

  it('a page that was given up without a dead letter, or for no reason that there ever was', () => {
    const telling = new Telling();
    telling.connection({ enabled: true });
    const command = telling.command(telling.alert('cpu', paging()));
    telling.outcome(command, 'undeliverable', { reason: 'connection-unknown' });
    expect(broken(telling)).toEqual(['lost L5']);
    const { pageId } = command;
    telling.history.deadLetters.push({ topic: 'c', key: '', digest: 'd', reason: 'connection-unknown', pageId });
    expect(broken(telling)).toEqual(['lost L9']);
    telling.connection(undefined);
    expect(broken(telling)).toEqual([]);
  });

  it('a handle that was known all the time and is said to be unknown, or pages another team', () => {
    for (const isKnown of [true, false]) {
      const telling = new Telling();
      telling.connection({ enabled: true });
      telling.team('core');
      if (!isKnown) telling.forgotten('core', true);
      telling.unrouted(telling.alert('cpu', paging()), '@oncall-core');
      const other = telling.command(telling.alert('disk', paging()), 'data', { handle: '@oncall-core' });
      telling.page(other);
      expect(broken(telling)).toEqual(isKnown ? ['lost L8', 'lost L8', 'unroutedWrongly U1'] : []);
    }
  });

  it('no handle of a connection that was made after the alert', () => {
    const telling = new Telling();
    telling.team('core');
    telling.unrouted(telling.alert('cpu', paging()), '@oncall-core');
    telling.connection({ enabled: true });
    expect(broken(telling)).toEqual([]);
  });

  it('a command that joined a page which went nowhere', () => {
    const telling = new Telling();
    const first = telling.command(telling.alert('cpu', paging()));
    const second = telling.command(telling.alert('cpu', paging()));
    telling.outcome(second, 'joined', { joinedPageId: first.pageId });
    expect(broken(telling)).toEqual(['lost L3', 'lost L6']);
  });

  it('a page superseded by nothing, or by a recovery that happened before its trigger', () => {
    const telling = new Telling();
    telling.resolve(telling.alert('cpu', recovered));
    const command = telling.command(telling.alert('cpu', paging()));
    telling.outcome(command, 'superseded', { reason: 'recovered' });
    expect(broken(telling)).toEqual(['lost L7']);
    telling.resolve(telling.alert('cpu', recovered));
    expect(broken(telling)).toEqual([]);
  });
});

describe('the audit finds unrouted wrongly', () => {
  const unknownAfter = (happens: (telling: Telling) => void) => {
    const telling = new Telling();
    telling.connection({ enabled: true });
    telling.team('core');
    happens(telling);
    telling.unrouted(telling.alert('cpu', paging()), '@oncall-core');
    return broken(telling);
  };

  it('a handle that vanished although its destination never deleted the team', () => {
    expect(unknownAfter((telling) => telling.forgotten('core', false))).toEqual(['unroutedWrongly U1']);
    expect(unknownAfter((telling) => telling.forgotten('core', true))).toEqual([]);
  });

  it('the former handle of a renamed team', () => {
    expect(unknownAfter((telling) => telling.team('core', 'renamed'))).toEqual(['unroutedWrongly U1']);
  });

  it('no handle whose connection went', () => {
    expect(unknownAfter((telling) => telling.connection(undefined))).toEqual([]);
  });

  it('no handle that became known a moment before, of which a frozen router may not have heard', () => {
    const telling = new Telling();
    telling.connection({ enabled: true });
    telling.alert('disk', { message: '' });
    telling.team('core');
    telling.unrouted(telling.alert('cpu', paging()), '@oncall-core');
    expect(audit(telling.history).unroutedWrongly).toBe(0);
  });
});

describe('the audit finds doubled', () => {
  it('two pages of one id of which neither says so', () => {
    const telling = new Telling();
    const { command } = paged(telling);
    telling.page(command, { silent: true });
    expect(broken(telling)).toEqual(['duplicateUntagged D1']);
  });

  it('and lets pass two of which one says so, whichever came first', () => {
    for (const tags of [[false, true] as const, [true, false] as const]) {
      const telling = new Telling();
      const command = telling.command(telling.alert('cpu', paging()));
      telling.page(command, { tagged: tags[0], silent: true });
      telling.page(command, { tagged: tags[1] });
      expect(audit(telling.history)).toMatchObject({ duplicatesUntagged: 0, duplicatesTagged: 1, lost: 0 });
    }
  });

  it('a re-trigger that paged again while the page was open', () => {
    const telling = new Telling();
    paged(telling);
    paged(telling);
    expect(broken(telling)).toEqual(['duplicateUntagged D2']);
  });

  it('and lets pass a page after a recovery, and an urgent one after a warning', () => {
    const telling = new Telling();
    const { page } = paged(telling);
    telling.resolve(telling.alert('cpu', recovered));
    telling.resolved(page);
    paged(telling);
    const warning = telling.command(telling.alert('disk', { ...paging(), transition: 'warned' }));
    telling.resolved(telling.page(warning));
    paged(telling, 'disk');
    expect(broken(telling)).toEqual([]);
  });
});

describe('the audit understands failover', () => {
  /** An alert whose page failed over. */
  const failedOver = (telling: Telling) => {
    const command = telling.command(telling.alert('cpu', paging()));
    return { command, backup: telling.backup(command) };
  };
  const superseded = (telling: Telling, command: PageCommand) =>
    telling.outcome(command, 'superseded', { reason: 'failed-over' });

  it('where the backup was delivered and the page called off, or the other way round', () => {
    for (const isBackup of [true, false]) {
      const telling = new Telling();
      const { command, backup } = failedOver(telling);
      const [winner, loser] = isBackup ? [backup, command] : [command, backup];
      telling.page(winner);
      superseded(telling, loser);
      const found = audit(telling.history);
      expect(found).toMatchObject({ failedOver: 1, delivered: 1, superseded: 1, lost: 0, orderViolations: 0 });
    }
  });

  it('where both went out at one moment, of which only one may stay open, and one must', () => {
    const telling = new Telling();
    const { command, backup } = failedOver(telling);
    const [first, second] = [telling.page(command), telling.page(backup)];
    expect(broken(telling)).toEqual(['duplicateUntagged D3']);
    telling.resolved(first);
    expect(broken(telling)).toEqual([]);
    telling.resolved(second);
    expect(broken(telling)).toEqual(['orderViolation O2', 'orderViolation O2']);
  });

  it('where a more urgent page of the team it stands in for took the place of a backup', () => {
    const telling = new Telling();
    const warning = telling.command(telling.alert('cpu', { ...paging(), transition: 'warned' }));
    const page = telling.page(telling.backup(warning));
    superseded(telling, warning);
    paged(telling);
    telling.resolved(page);
    expect(broken(telling)).toEqual([]);
  });

  it('and finds a page called off for a backup that went nowhere, and a backup that never ended', () => {
    const telling = new Telling();
    const { command, backup } = failedOver(telling);
    superseded(telling, command);
    expect(broken(telling)).toEqual(['lost L7', 'lost L3']);
    telling.outcome(backup, 'superseded', { reason: 'not-needed' });
    expect(broken(telling)).toEqual(['lost L7', 'lost L7']);
  });

  it('and finds a backup that is open after its alert recovered, or closed under a trigger that joined its page', () => {
    const telling = new Telling();
    const { command, backup } = failedOver(telling);
    const recovery = telling.alert('cpu', recovered);
    const again = telling.command(telling.alert('cpu', paging()));
    telling.outcome(again, 'joined', { joinedPageId: command.pageId });
    const page = telling.page(backup);
    superseded(telling, command);
    telling.resolve(recovery);
    expect(broken(telling)).toEqual([]);
    telling.resolved(page);
    expect(broken(telling)).toEqual(['orderViolation O2']);
    telling.history.pages = telling.history.pages.map((it) => ({ ...it, resolved: false }));
    telling.resolve(telling.alert('cpu', recovered));
    expect(broken(telling)).toEqual(['orderViolation O1']);
  });

  it('and finds a re-trigger that paged again while the backup was open, and a backup that nobody raised', () => {
    const telling = new Telling();
    const { command, backup } = failedOver(telling);
    telling.page(backup);
    superseded(telling, command);
    telling.page(telling.command(telling.alert('cpu', paging())));
    expect(broken(telling)).toEqual(['duplicateUntagged D2']);
    telling.history.states = [];
    expect(broken(telling)).toContain('orderViolation O3');
  });
});

describe('the audit finds out of order', () => {
  it('a page that is open after its alert recovered', () => {
    const telling = new Telling();
    const { page } = paged(telling);
    telling.resolve(telling.alert('cpu', recovered));
    expect(broken(telling)).toEqual(['orderViolation O1']);
    telling.resolved(page);
    expect(broken(telling)).toEqual([]);
  });

  it('but not one of which an outcome says, rightly, that it cannot be resolved', () => {
    const telling = new Telling();
    const { command } = paged(telling);
    telling.resolve(telling.alert('cpu', recovered));
    telling.outcome(command, 'unresolved', { reason: 'connection-disabled' });
    expect(broken(telling)).toEqual(['orderViolation O1']);
    telling.connection({ enabled: false });
    expect(broken(telling)).toEqual([]);
  });

  it('but not one that was said to be superseded and to be there perhaps, though a former owner says more', () => {
    const telling = new Telling();
    const command = telling.command(telling.alert('cpu', paging()));
    telling.resolve(telling.alert('cpu', recovered));
    telling.outcome(command, 'superseded', { possibleDuplicate: true });
    telling.page(command);
    expect(broken(telling)).toEqual([]);
    expect(audit(telling.history)).toMatchObject({ contradicted: 1 });
  });

  it('a page that an older recovery closed under a younger trigger', () => {
    const telling = new Telling();
    const { command, page } = paged(telling);
    const recovery = telling.alert('cpu', recovered);
    const again = telling.command(telling.alert('cpu', paging()));
    telling.outcome(again, 'joined', { joinedPageId: command.pageId });
    telling.resolve(recovery);
    telling.resolved(page);
    expect(broken(telling)).toEqual(['orderViolation O2']);
  });

  it('a page that is resolved under its trigger, unless its connection was deleted and that is why', () => {
    for (const isDeleted of [false, true]) {
      const telling = new Telling();
      const { command, page } = paged(telling);
      telling.resolved(page);
      telling.outcome(command, 'resolved', { reason: 'connection-deleted' });
      telling.connection({ enabled: false });
      if (isDeleted) telling.connection(undefined);
      expect(broken(telling)).toEqual(isDeleted ? [] : ['orderViolation O2']);
    }
  });

  it('a page of an alert that is said to be superseded, unless that was said to be possible', () => {
    for (const possibleDuplicate of [false, true]) {
      const telling = new Telling();
      const command = telling.command(telling.alert('cpu', paging()));
      telling.page(command, { silent: true });
      telling.resolve(telling.alert('cpu', recovered));
      telling.outcome(command, 'superseded', { possibleDuplicate });
      expect(broken(telling)).toEqual(possibleDuplicate ? [] : ['orderViolation O3']);
    }
  });

  it('a page that nobody ordered', () => {
    const telling = new Telling();
    paged(telling);
    telling.history.commands = [];
    expect(broken(telling)).toEqual(['lost L1', 'orderViolation O3']);
  });

  it('a late page of a handle that did not wait', () => {
    const telling = new Telling();
    const alert = telling.alert('cpu', paging());
    telling.unrouted(alert, '@oncall-core');
    telling.page(telling.command(alert, 'core', { tags: ['late'] }));
    expect(broken(telling)).toEqual(['orderViolation O5']);
  });

  it('a late page that was written after the resolve of its alert, though it pages nobody', () => {
    const telling = new Telling();
    const alert = telling.alert('cpu', paging());
    telling.waits(alert, '@oncall-core');
    telling.resolve(telling.alert('cpu', recovered));
    telling.outcome(telling.command(alert, 'core', { tags: ['late'] }), 'superseded', { reason: 'recovered' });
    expect(broken(telling)).toEqual(['orderViolation O6']);
  });

  it('a page created after the ledger had its end', () => {
    const telling = new Telling();
    const command = telling.command(telling.alert('cpu', paging()));
    telling.resolve(telling.alert('cpu', recovered));
    telling.state(command, { status: 'attempting', ending: 'recovered' });
    const [state] = telling.history.states;
    const createdAt = (state?.timestamp ?? 0) + callMayTakeMs + 1;
    telling.resolved(telling.page(command, { createdAt }));
    expect(broken(telling)).toEqual(['orderViolation O4']);
  });
});

describe('the audit', () => {
  it('counts what was asked and what became of it', () => {
    const telling = new Telling();
    const { command } = paged(telling);
    telling.outcome(telling.command(telling.alert('cpu', paging())), 'joined', { joinedPageId: command.pageId });
    const found = audit(telling.history);
    expect(found).toMatchObject({ alerts: 2, handles: 2, delivered: 1, joined: 1, superseded: 0, deadLettered: 0 });
    expect(isClean(found)).toBe(true);
  });

  it('takes the page of a fallback for an answer to every handle that its note names', () => {
    const telling = new Telling();
    const alert = telling.alert('cpu', paging('@oncall-nobody @oncall-noone'));
    const named = '@oncall-nobody (nearest known: @oncall-body), @oncall-noone';
    const description = `${named} are unknown in source org acme-us. Their fallback @oncall-core is paged instead.`;
    telling.page(telling.command(alert, 'core', { handle: '@oncall-nobody', matched: 'fallback', description }));
    expect(audit(telling.history)).toMatchObject({ handles: 2, fallback: 1, delivered: 1, lost: 0 });
  });

  it('counts a handle that is both paged and unrouted, and lets it pass', () => {
    const telling = new Telling();
    const { alert } = paged(telling);
    telling.unrouted(alert, '@oncall-core');
    expect(audit(telling.history)).toMatchObject({ both: 1, lost: 0 });
  });
});
