import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PageCommands } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { creating, creatingFor, pagesOf } from './globex.fixtures.ts';
import { commandRecord, hasKafkaTools, type Instance } from './page-delivery.fixtures.ts';
import { sealing } from './sealing.fixtures.ts';
import { busy, metricOf, Stage, tagged } from './stage.fixtures.ts';

const stage = new Stage();
let instance: Instance;

beforeAll(async () => {
  await stage.open();
  await stage.openDestination();
  instance = await stage.start();
});
afterAll(async () => {
  await stage.closeDestination();
  await stage.close();
});
beforeEach(() => stage.openOrg());
afterEach(() => stage.globex.org.faults.clear());

describe('page-delivery', () => {
  it('pages the team by its id, and publishes the outcome', async () => {
    const command = stage.page({ teamId: 'team-7' });
    await stage.bus.order(command);

    const outcome = await stage.bus.end(command.pageId, 'delivered');

    const destinationPageId = stage.pages[0]?.id;
    expect(outcome).toMatchObject({ sourceOrg: stage.org, destinationPageId, attempts: 1, possibleDuplicate: false });
    expect(stage.pages).toMatchObject([
      {
        team: { id: 'team-7' },
        urgency: 'high',
        title: command.title,
        tags: ['service:backend', `page-id:${command.pageId}`],
      },
    ]);
  });

  // No other test is in progress, which would be counted too.
  it('counts its work in its metrics', async () => {
    const counts = () =>
      Promise.all([
        metricOf(instance, 'pagebridge_page_outcomes_total', 'outcome="delivered"'),
        metricOf(instance, 'pagebridge_page_attempts_total', 'step="create",result="created"'),
      ]);
    const [outcomes, attempts] = await counts();
    const command = stage.page();
    await stage.bus.order(command);
    await stage.bus.end(command.pageId, 'delivered');

    expect(await counts()).toEqual([outcomes + 1, attempts + 1]);
    expect(await instance.metrics()).toContain('pagebridge_waiting_since_timestamp_seconds');
  });

  it('writes the page and its attempt to the ledger in one write before the destination answers', async () => {
    // A delivered page shows that the connection is known: without it, the next page would first be written as pending.
    const first = stage.page();
    await stage.bus.order(first);
    await stage.bus.end(first.pageId, 'delivered');
    stage.globex.strike({ kind: 'hang' }, creating);
    const command = stage.page({ alertKey: 'another alert' });
    await stage.bus.order(command);
    await waitFor('a call', () => stage.globex.struck > 0);

    const states = () => stage.bus.statesOf(stage.org).filter(({ alertKey }) => alertKey === command.alertKey);
    await waitFor('its state', () => states().length > 0);
    expect(states().map(({ pages }) => pages[0]?.status)).toEqual(['attempting']);
  });

  it('pages once for a command that is delivered again', async () => {
    const command = stage.page();
    await stage.bus.order(command, command);
    await stage.bus.end(command.pageId, 'delivered');
    const last = stage.page({ alertKey: command.alertKey, teamId: 'team-last' });
    await stage.bus.order(command, last);
    await stage.bus.end(last.pageId, 'delivered');

    expect(pagesOf(stage.globex, command.pageId)).toHaveLength(1);
    expect(stage.bus.outcomesOf(command.pageId)).toHaveLength(1);
  });

  it('resolves the page when its alert recovers', async () => {
    const command = stage.page();
    await stage.bus.order(command);
    await stage.bus.end(command.pageId, 'delivered');
    await stage.bus.order(stage.recovery(command));
    await stage.bus.end(command.pageId, 'resolved');

    expect(stage.pages.map(({ status }) => status)).toEqual(['resolved']);
  });

  it('resolves a page at once that is triggered and recovers in one batch', async () => {
    const command = stage.page();
    await stage.bus.order(command, stage.recovery(command));
    await stage.bus.end(command.pageId, 'superseded');

    expect(stage.pages).toEqual([]);
  });

  it.each([
    ['a destination that answered 429 accepts calls again', busy],
    ['a firewall that answered 403 lets calls pass', { kind: 'error', status: 403, body: 'html' }],
    ['a proxy that answered 405 lets calls pass', { kind: 'error', status: 405, body: 'text' }],
  ] as const)('delivers untagged once %s', async (_, fault) => {
    stage.globex.strike(fault, creating);
    const command = stage.page();
    await stage.bus.order(command);
    await waitFor('three calls', () => stage.globex.struck >= 3);
    stage.globex.org.faults.clear();
    await stage.bus.end(command.pageId, 'delivered');

    expect(pagesOf(stage.globex, command.pageId).map(tagged)).toEqual([false]);
    const outcomes = stage.bus.outcomesOf(command.pageId);
    expect(outcomes.map(({ outcome }) => outcome)).toContain('retried');
    const { status } = fault as { status?: number };
    const call = { durationMs: expect.any(Number), status: status ?? 429 };
    const [failed] = outcomes.filter(({ outcome }) => outcome === 'retried');
    const dayMs = 24 * 60 * 60 * 1000;
    expect(failed).toMatchObject({
      attempts: 1,
      call,
      nextAttemptAt: expect.any(String),
      givenUpAt: expect.any(String),
    });
    for (const time of [failed?.nextAttemptAt, failed?.givenUpAt]) {
      const inMs = Date.parse(time ?? '') - Date.parse(failed?.at ?? '');
      expect(inMs).toBeGreaterThanOrEqual(0);
      expect(inMs).toBeLessThanOrEqual(dayMs);
    }
    expect(outcomes.at(-1)).toMatchObject({ outcome: 'delivered', call: { status: 200 } });
  });

  it('parks the command of a page that is refused for good, with its key, its data and the reason', async () => {
    stage.globex.strike({ kind: 'error', status: 404, body: 'object-array', errors: ['no such team ü'] }, creating);
    const command = stage.page();
    const record = commandRecord(command);
    await stage.bus.write(record);
    const outcome = await stage.bus.end(command.pageId, 'undeliverable');
    const [letter] = await waitFor('the dead letter', () => {
      const found = stage.bus.deadLetters(record.key);
      return found.length > 0 && found;
    });

    expect(outcome).toMatchObject({ reason: 'rejected', attempts: 1 });
    expect(outcome.detail).toContain('no such team');
    expect(letter?.value?.toString()).toBe(record.value?.toString());
    expect(String(letter?.headers['x-dlq-reason'])).toBe('rejected');
    expect(letter && PageCommands.decode(letter)).toMatchObject({ ok: true, event: { data: command } });
  });

  it('parks an unreadable record and continues with the partition', async () => {
    const command = stage.page();
    const good = commandRecord(command);
    const bad = { ...good, key: `${stage.org}/poison`, value: Buffer.from('{"half'), partition: 3 };
    await stage.bus.write({ ...bad, partition: 3 }, { ...good, partition: 3 });
    await stage.bus.end(command.pageId, 'delivered');

    const [letter] = await waitFor('the dead letter', () => {
      const found = stage.bus.deadLetters(`${stage.org}/poison`);
      return found.length > 0 && found;
    });
    expect(letter?.value?.toString()).toBe('{"half');
    expect(String(letter?.headers['x-dlq-reason'])).toBe('not-json');
  });

  it('holds pages while the credential is refused, reports the missing permission, and sends them after a rotation', async () => {
    // The first version of the connection lacks the permission: the pages wait, whichever topic is read first.
    const lacking = await stage.connect(stage.org, stage.globex.credential('no-paging').applicationKey);
    const { connectionId } = lacking;
    const commands = [stage.page({ alertKey: 'a', connectionId }), stage.page({ alertKey: 'b', connectionId })];
    await stage.bus.order(...commands);
    const fault = await waitFor('the report', () => stage.bus.reportsOf(connectionId)[0]);
    expect(fault).toMatchObject({
      kind: 'credential-fault',
      missingPermission: 'on_call_page',
      reportedBy: 'page-delivery',
    });
    expect(stage.bus.outcomesOf(commands[0]?.pageId ?? '').map(({ outcome }) => outcome)).not.toContain(
      'undeliverable',
    );

    const rotated = await stage.seals.sealed({ ...lacking, version: 2 }, 'good-key');
    await stage.bus.connect({ ...rotated, credential: { ...rotated.credential, revision: 2 } });
    for (const { pageId } of commands) await stage.bus.end(pageId, 'delivered');

    expect(stage.pages.filter(tagged)).toEqual([]);
    await waitFor('repaired', () => stage.bus.reportsOf(connectionId).some(({ kind }) => kind === 'repaired'));
  });

  it('counts a credential that is sealed for a key it does not hold, and reports it when a page needs it', async () => {
    const unheld = () => metricOf(instance, 'pagebridge_credentials_of_unheld_keys');
    const before = await unheld();
    const others = await sealing();
    await stage.bus.connect(await others.sealed({ ...stage.connection, version: 2 }, 'good-key'));
    await waitFor('it to be counted', async () => (await unheld()) === before + 1);
    const { connectionId } = stage.connection;
    await stage.bus.order(stage.page());
    const fault = await waitFor('the report', () => stage.bus.reportsOf(connectionId)[0]);
    expect(fault).toMatchObject({ kind: 'credential-fault', unopenable: true });
    await stage.bus.connect(await stage.seals.sealed({ ...stage.connection, version: 3 }, 'good-key'));
    await waitFor('it to be resealed', async () => (await unheld()) === before);
  });

  it('delivers other pages while some are refused with 403, and delivers these, untagged, once they are accepted', async () => {
    stage.globex.strike({ kind: 'error', status: 403, body: 'string-array' }, creatingFor('team-closed'));
    const closed = Array.from({ length: 20 }, (_, n) => stage.page({ alertKey: `closed-${n}`, teamId: 'team-closed' }));
    await stage.bus.order(...closed);
    await waitFor('all of them refused', () => stage.globex.struck >= closed.length);
    const well = stage.page({ alertKey: 'well' });
    await stage.bus.order(well);
    await stage.bus.end(well.pageId, 'delivered');

    stage.globex.org.faults.clear();
    for (const { pageId } of closed) await stage.bus.end(pageId, 'delivered');
    expect(stage.pages.filter(tagged)).toEqual([]);
    expect(stage.pages).toHaveLength(closed.length + 1);
  });

  it('gives up, with a dead letter, a page without a connection', async () => {
    const command = stage.page({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' });
    await stage.bus.order(command);

    expect(await stage.bus.end(command.pageId, 'undeliverable')).toMatchObject({ reason: 'connection-unknown' });
    await waitFor('the dead letter', () => stage.bus.deadLetters(`${stage.org}/${command.alertKey}`).length > 0);
  });

  it('delays no destination because another one hangs', async () => {
    const other = await stage.connect(stage.org);
    stage.globex.strike({ kind: 'hang' }, creatingFor('team-dead'));
    const dead = Array.from({ length: 30 }, (_, n) => stage.page({ alertKey: `dead-${n}`, teamId: 'team-dead' }));
    const well = stage.page({ alertKey: 'well', connectionId: other.connectionId });
    await stage.bus.order(...dead, well);
    const outcome = await stage.bus.end(well.pageId, 'delivered');

    // Calls one after the other would hang for more than a minute.
    expect(Date.parse(outcome.at) - Date.parse(well.occurredAt)).toBeLessThan(20_000);
  });
});

(hasKafkaTools ? describe : describe.skip)('an alert that Kafka will not take into the ledger', () => {
  beforeEach(() => stage.bus.boundStates(2000));
  afterEach(() => stage.bus.boundStates(undefined));

  it('is parked alone; the other alerts of its partition are paged, and its own delivered page is resolved', async () => {
    const first = stage.page();
    await stage.bus.order(first);
    await stage.bus.end(first.pageId, 'delivered');
    const { alertKey } = first;
    const large = stage.page({ alertKey, teamId: 'team-2' });
    const more = [3, 4, 5].map((n) => stage.page({ alertKey, teamId: `team-${n}` }));
    const others = [1, 2, 3].map((n) => stage.page({ alertKey: `${first.alertKey}-${n}` }));
    await stage.bus.order(large, ...more, ...others);

    const end = await stage.bus.end(large.pageId, 'undeliverable');
    for (const { pageId } of others) await stage.bus.end(pageId, 'delivered');
    const [letter] = await waitFor('its dead letter', () => {
      const letters = stage.bus.deadLetters(`${stage.org}/${first.alertKey}`);
      return letters.length > 0 ? letters : undefined;
    });
    await stage.bus.order(stage.recovery(first));
    await stage.bus.end(first.pageId, 'resolved');

    expect(end).toMatchObject({ reason: 'unwritable' });
    expect(PageCommands.decode(letter as ConsumedRecord)).toMatchObject({
      ok: true,
      event: { data: { pageId: large.pageId } },
    });
    expect(pagesOf(stage.globex, large.pageId)).toEqual([]);
  });
});
