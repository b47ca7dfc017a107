import { describe, expect, it } from '@jest/globals';
import type { AlertState, Connection } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { defaultPolicy } from './attempts/policy.fixtures.ts';
import { ofKind } from './changes.fixtures.ts';
import { after, aPage, aResolve, at, received } from './commands/commands.fixtures.ts';
import type { Effect } from './effects.ts';
import { type Input, step } from './step.ts';

const backup = aConnection({ connectionId: '00000000-0000-4000-8000-00000000000b' });

const failover = {
  connectionId: backup.connectionId,
  teamId: 'operations',
  teamHandle: 'operations',
  afterSeconds: 120,
};
const command = aPage();
const connections = new Map<string, Connection>([
  [command.connectionId, aConnection({ connectionId: command.connectionId, sourceOrg: command.sourceOrg })],
  [backup.connectionId, backup],
]);
const terms = { ...defaultPolicy, connectionOf: (id: string) => connections.get(id) };
const { pageId } = command;
const waiting = after(command);
const failed = { kind: 'failed', cause: 'server', detail: 'answered 503', waitMs: 0 } as const;
const answers = {
  created: { kind: 'created', destinationPageId: 'd-1' },
  refused: { kind: 'refused', detail: 'no such team' },
  failed: { ...failed, mayHaveCreated: false },
  lost: { ...failed, mayHaveCreated: true },
  resolved: { kind: 'resolved' },
} as const;

const stepped = (alert: AlertState | undefined, input: Input, now = at('12:02')) => step(alert, input, now, terms);
const overdue: Input = { kind: 'overdue', pageId, keepsUp: true };
const afterInputs = (alert: AlertState, ...inputs: Input[]): AlertState =>
  inputs.reduce((state, input) => stepped(state, input).alert ?? state, alert);
const begun: Input = { kind: 'begun', pageId };
const answered = (kind: keyof typeof answers, work: 'create' | 'resolve' = 'create'): Input => ({
  ...{ kind: 'answered', pageId, callKind: work, answer: answers[kind] },
});
const read = (...commands: Parameters<typeof received>[0][]): Input => ({
  kind: 'commands',
  received: commands.map((one) => received(one)),
  admission: {},
  isWritten: true,
});
const recovery = read(aResolve({ occurredAt: '2026-01-31T12:01:00.000Z' }));

/** Returns what an effect says, in words. */
function said(effect: Effect): string {
  switch (effect.kind) {
    case 'call':
      return `call: ${effect.page.status}`;
    case 'log':
      return `log: ${effect.notice.kind} ${effect.notice.page.teamId}`;
    case 'publish':
      return `publish: ${effect.pending.outcome.outcome}`;
    case 'park':
      return `park: ${effect.refused.reason}`;
    default:
      return effect.kind;
  }
}

describe('a step', () => {
  const open = afterInputs(waiting, begun, answered('created'));
  const resolving = afterInputs(open, recovery);
  const doubtful = afterInputs(waiting, begun, answered('lost'));
  const backedUp = after(aPage({ pageId, failover }));
  const team = command.teamId;

  it.each<[string, AlertState | undefined, Input, string[], Date?]>([
    ['a new page', undefined, read(command), ['keep-text', 'call: pending']],
    [
      'a page that recovers in the same batch',
      undefined,
      read(command, aResolve()),
      ['keep-text', 'publish: superseded'],
    ],
    ['a trigger that joins an open page', open, read(aPage({ alertEventId: 'again' })), ['publish: joined']],
    ['the recovery of a page that waits', waiting, recovery, ['call-off', 'publish: superseded']],
    ['the recovery of a delivered page', open, recovery, ['call: resolving']],
    [
      'the recovery of a page that may exist',
      doubtful,
      recovery,
      [`log: stays-open ${team}`, 'call-off', 'publish: superseded'],
    ],
    ['the announcement of a call', waiting, begun, ['call-off']],
    ['a success', afterInputs(waiting, begun), answered('created'), ['publish: delivered']],
    ['a failure', afterInputs(waiting, begun), answered('failed'), ['call: pending', 'publish: retried']],
    [
      'a refusal for good',
      afterInputs(waiting, begun),
      answered('refused'),
      [`log: given-up ${team}`, 'publish: undeliverable'],
    ],
    ['a resolve that fails', resolving, answered('failed', 'resolve'), ['call: resolving', 'publish: retried']],
    ['a resolve that succeeds', resolving, answered('resolved', 'resolve'), ['call-off', 'publish: resolved']],
    [
      'a resolve that is refused',
      resolving,
      answered('refused', 'resolve'),
      [`log: stays-open ${team}`, 'call-off', 'publish: unresolved'],
    ],
    [
      'a page that is given up',
      waiting,
      overdue,
      [`log: given-up ${team}`, 'call-off', 'publish: undeliverable'],
      at('16:01'),
    ],
    ['a page that fails over', backedUp, overdue, [`log: fails-over ${team}`, 'call: pending']],
    [
      'the deletion of a connection',
      open,
      { kind: 'connection-deleted', connectionId: command.connectionId },
      ['call: resolving'],
    ],
    [
      'a record that Kafka refuses',
      waiting,
      { kind: 'unwritable', inLedger: undefined, detail: 'too large' },
      [`log: given-up ${team}`, 'call-off', 'publish: undeliverable'],
    ],
    ['a takeover with an outcome that may not be published', open, { kind: 'restored' }, ['publish: delivered']],
    ['a takeover with a page that waits', waiting, { kind: 'restored' }, ['call: pending']],
    ['a takeover with a call in flight', afterInputs(waiting, begun), { kind: 'restored' }, ['call: pending']],
  ])('says what follows from %s', (_, alert, input, effects, now = at('12:02')) => {
    expect(stepped(alert, input, now).effects.map(said)).toEqual(effects);
  });

  it('that changes nothing leaves the same alert, and nothing to carry out', () => {
    const inputs: Input[] = [answered('created'), overdue, { ...begun, pageId: 'another' }];
    for (const input of inputs) {
      const { alert, effects } = stepped(waiting, input);
      expect(alert).toBe(waiting);
      expect(effects).toEqual([]);
    }
  });

  it('puts off the commands of an alert with very many pages that are not written yet', () => {
    const times = Array.from({ length: 300 }, (_, n) => new Date(Date.UTC(2026, 0, 31, 11, 0, n)).toISOString());
    const all = times.flatMap((occurredAt) => [
      aPage({ occurredAt, alertEventId: occurredAt }),
      aResolve({ occurredAt }),
    ]);
    const { alert, effects } = stepped(undefined, read(...all));
    expect(alert?.pages.length).toBeLessThan(300);
    const postponed = ofKind(effects, 'postpone').map(({ received: { command: one } }) => one);
    expect(postponed).toEqual(all.slice(-postponed.length));
    expect(ofKind(effects, 'park')).toEqual([]);
  });
});
