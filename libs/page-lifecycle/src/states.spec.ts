import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { AlertState, Command } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import type { Answer } from './attempts/apply-answer.ts';
import { defaultPolicy } from './attempts/policy.fixtures.ts';
import { ofKind } from './changes.fixtures.ts';
import { aPage, aResolve, at, received } from './commands/commands.fixtures.ts';
import type { ReceivedCommand } from './commands/decision.ts';
import { reported, unreportedOutcomes } from './outcomes.ts';
import { pageOf } from './page.ts';
import { type Input, step } from './step.ts';

const backup = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'operations', teamHandle: 'operations' };
const failover = { ...backup, afterSeconds: 120, afterFailures: 1 };
const its = { alertEventId: 'event', occurredAt: at('12:00').toISOString() };
const first = aPage({ ...its, pageId: 'first', urgency: 'low', failover });
const second = aPage({ ...its, pageId: 'second', occurredAt: at('12:01').toISOString() });
const recovery = aResolve({ ...its, alertEventId: 'recovery', occurredAt: at('12:02').toISOString() });
const replayed: ReceivedCommand = { ...received(first), replay: { from: 'dead/0/1', possibleDuplicate: false } };

const connection = aConnection({ sourceOrg: first.sourceOrg });
const terms = { ...defaultPolicy, connectionOf: (connectionId: string) => ({ ...connection, connectionId }) };

const failed = { kind: 'failed', cause: 'server', detail: '', waitMs: 0, mayHaveCreated: false } as const;
const answers: readonly Answer[] = [
  ...([{ kind: 'created', destinationPageId: 'd-1' }, { kind: 'resolved' }, { kind: 'refused', detail: '' }] as const),
  ...([
    failed,
    { ...failed, mayHaveCreated: true },
    { ...failed, cause: 'bad-answer' },
    { kind: 'not-called' },
  ] as const),
];

/** Returns what may happen to an alert next: everything, whether it makes sense or not. */
function inputsFor(alert: AlertState | undefined): Input[] {
  const read = (one: ReceivedCommand<Command>): Input => ({
    ...{ kind: 'commands', received: [one], admission: {}, isWritten: true },
  });
  const connections = [first.connectionId, backup.connectionId];
  return [
    ...[received(first), received(second), received(recovery), replayed].map(read),
    ...(alert?.pages ?? []).flatMap(({ pageId, connectionId, destinationPageId = '' }): Input[] => [
      { kind: 'begun', pageId },
      { kind: 'overdue', pageId, keepsUp: true },
      ...answers.map((answer): Input => ({ kind: 'answered', pageId, callKind: 'create', answer })),
      { kind: 'read-back', read: { connectionId, destinationPageId, closedAt: at('12:30').getTime() } },
    ]),
    ...connections.map((connectionId): Input => ({ kind: 'connection-deleted', connectionId })),
    { kind: 'unwritable', inLedger: alert, detail: '' },
    { kind: 'restored' },
  ];
}

// The second time is after everything has become too old.
const times = [at('12:03'), at('20:00')];

/** Returns the changes of a status within this many inputs, each as `<from> <to> <input>`, and an alert with two pages of one id. */
function explored(depth: number) {
  const changes = new Set<string>();
  const seen = new Set<string>();
  let states: (AlertState | undefined)[] = [undefined];
  let doubled: AlertState | undefined;
  for (let n = 0; n < depth; n += 1) {
    const next: AlertState[] = [];
    for (const [alert, now, input] of everything(states)) {
      const { alert: after, effects } = step(alert, input, now, terms);
      if (after === alert) continue;
      // The pages of an alert that Kafka refuses end without being in its state.
      const told = ofKind(effects, 'publish').flatMap(({ pending }) => pending.page ?? []);
      for (const page of [...(after?.pages ?? []), ...told]) {
        const from = pageOf(alert, page.pageId)?.status ?? 'none';
        if (from !== page.status) changes.add(`${from} ${page.status} ${input.kind}`);
      }
      if (!after) continue;
      if (new Set(after.pages.map(({ pageId }) => pageId)).size < after.pages.length) doubled ??= after;
      const outcomes = unreportedOutcomes(after).map(({ outcome }) => outcome);
      const state = reported(after, outcomes);
      const key = JSON.stringify(state.pages);
      if (!seen.has(key)) next.push(state);
      seen.add(key);
    }
    states = next;
  }
  return { changes, doubled };
}

function* everything(states: readonly (AlertState | undefined)[]): Generator<[AlertState | undefined, Date, Input]> {
  for (const alert of states) for (const now of times) for (const input of inputsFor(alert)) yield [alert, now, input];
}

/** Returns the changes of the table in the README, as `explored` does. */
function changesInReadme(): string[] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => /^\| (`|none)/.test(line));
  return rows.flatMap((row) => {
    const [, from = '', , next = ''] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
    return next.split(';').flatMap((change) => {
      const [to = '', inputs] = change.trim().split(': ');
      return inputs?.split(', ').map((input) => `${from} ${to} ${input}`) ?? [];
    });
  });
}

describe('whatever happens to an alert', () => {
  const { changes, doubled } = explored(6);

  it('its pages change their status as the table in the README says', () => {
    expect([...changes].toSorted()).toEqual(changesInReadme().toSorted());
  });

  it('it never has two pages of one id', () => {
    expect(doubled).toBeUndefined();
  });
});
