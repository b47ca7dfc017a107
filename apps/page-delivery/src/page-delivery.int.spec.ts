import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Command, type Connection, type PageCommand, PageCommands } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { aPage, aResolve } from './domain/commands/commands.features.ts';
import { creating, creatingFor, pagesOf, startGlobex } from './globex.features.ts';
import { Bus, commandRecord, hasKafkaTools, type Instance, startDelivery } from './page-delivery.features.ts';
import { sealing } from './sealing.features.ts';

const bus = new Bus();
const instances = new Set<Instance>();
const soon = { withinMs: 20_000 };
let globex: SandboxOrg;
let seals: Awaited<ReturnType<typeof sealing>>;
let connection: Connection;
let dataCenter: string;
let org: string;

beforeAll(async () => {
  seals = await sealing();
  await bus.start();
}, 60_000);
afterAll(() => bus.stop(), 30_000);

beforeEach(async () => {
  globex = await startGlobex();
  org = uniqueName('delivery');
  dataCenter = globex.dataCenter.name;
  connection = await seals.sealed({ sourceOrg: org, dataCenter }, 'good-key');
  await bus.connect(connection);
});
afterEach(async () => {
  // Together, so that no instance waits for a call that hangs.
  await Promise.all([globex.stop(), ...[...instances].map(stop)]);
}, 30_000);

const start = async (its: Parameters<typeof startDelivery>[1] = {}): Promise<Instance> => {
  const instance = await startDelivery(bus.group, {
    DATA_CENTERS: JSON.stringify([globex.dataCenter]),
    CREDENTIALS_PRIVATE_KEYS: seals.privateKeys,
    ...its,
  });
  instances.add(instance);
  return instance;
};
const stop = async (instance: Instance) => {
  instances.delete(instance);
  await instance.stop();
};
const now = () => new Date().toISOString();
const page = (its: Partial<PageCommand> = {}): PageCommand =>
  aPage({ sourceOrg: org, connectionId: connection.connectionId, occurredAt: now(), ...its });
const recovery = (of: PageCommand): Command =>
  aResolve({ sourceOrg: of.sourceOrg, alertKey: of.alertKey, occurredAt: now() });
const tagged = ({ tags }: { tags: readonly string[] }) => tags.includes('possible-duplicate:true');

const unwell = { kind: 'error', status: 503, body: 'empty' } as const;
const unwellForNow = { ...unwell, headers: { 'retry-after': '1' } };

const gauge = async (instance: Instance, name: string): Promise<number> => {
  const metrics = await instance.metrics();
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
};
const alertsOf = (instance: Instance) => gauge(instance, 'pagebridge_ledger_alerts');

describe('page-delivery', () => {
  it('pages the team by its id, and says so', async () => {
    await start();
    const command = page({ teamId: 'team-7' });
    await bus.order(command);

    const outcome = await bus.end(command.pageId, 'delivered');

    const destinationPageId = globex.pages[0]?.id;
    expect(outcome).toMatchObject({ sourceOrg: org, destinationPageId, attempts: 1, possibleDuplicate: false });
    expect(globex.pages).toMatchObject([
      {
        team: { id: 'team-7' },
        urgency: 'high',
        title: command.title,
        tags: ['service:backend', `page-id:${command.pageId}`],
      },
    ]);
  }, 60_000);

  it('has the page and its attempt in the ledger before the destination answers, in one write', async () => {
    globex.strike({ kind: 'hang' }, creating);
    await start({ CALL_TIMEOUT_MS: 30_000 });
    await bus.order(page());
    await waitFor('a call', () => globex.struck > 0, soon);

    await waitFor('its state', () => bus.statesOf(org).length > 0, soon);
    expect(bus.statesOf(org).map(({ pages }) => pages[0]?.status)).toEqual(['attempting']);
  }, 60_000);

  it('pages once for a command that is delivered again', async () => {
    await start();
    const command = page();
    await bus.order(command, command);
    await bus.end(command.pageId, 'delivered');
    const last = page({ alertKey: command.alertKey, teamId: 'team-last' });
    await bus.order(command, last);
    await bus.end(last.pageId, 'delivered');

    expect(pagesOf(globex, command.pageId)).toHaveLength(1);
    expect(bus.outcomesOf(command.pageId)).toHaveLength(1);
  }, 60_000);

  it('resolves the page when its alert recovers', async () => {
    await start();
    const command = page();
    await bus.order(command);
    await bus.end(command.pageId, 'delivered');
    await bus.order(recovery(command));
    await bus.end(command.pageId, 'resolved');

    expect(globex.pages.map(({ status }) => status)).toEqual(['resolved']);
  }, 60_000);

  it('resolves at once what is paged and recovers in one batch', async () => {
    await start();
    const command = page();
    await bus.order(command, recovery(command));
    await bus.end(command.pageId, 'superseded');

    expect(globex.pages).toEqual([]);
  }, 60_000);

  it('delivers when a destination that answered 503 with a wait is back, untagged', async () => {
    globex.strike(unwellForNow, creating);
    await start();
    const command = page();
    await bus.order(command);
    await waitFor('three calls', () => globex.struck >= 3, soon);
    globex.org.faults.clear();
    await bus.end(command.pageId, 'delivered');

    expect(pagesOf(globex, command.pageId).map(tagged)).toEqual([false]);
    expect(bus.outcomesOf(command.pageId).map(({ outcome }) => outcome)).toContain('retried');
  }, 60_000);

  it.each([
    ['cuts the reply off', 'reset-after-accept', 1],
    ['hangs', 'hang', 0],
  ] as const)(
    'tags the page as possible duplicate after a destination that %s',
    async (_, kind, untagged) => {
      globex.strike({ kind }, creating);
      await start({ CALL_TIMEOUT_MS: 1000 });
      const command = page();
      await bus.order(command);
      await waitFor('a call', () => globex.struck > 0, soon);
      globex.org.faults.clear();
      const outcome = await bus.end(command.pageId, 'delivered');

      expect(outcome.possibleDuplicate).toBe(true);
      expect(pagesOf(globex, command.pageId).filter((made) => !tagged(made))).toHaveLength(untagged);
      expect(pagesOf(globex, command.pageId).filter(tagged)).toHaveLength(1);
    },
    60_000,
  );

  it('dead-letters the command of a page that is refused for good, with its key, its data and the reason', async () => {
    globex.strike({ kind: 'error', status: 404, body: 'object-array', errors: ['no such team ü'] }, creating);
    await start();
    const command = page();
    const record = commandRecord(command);
    await bus.write(record);
    const outcome = await bus.end(command.pageId, 'undeliverable');
    const [letter] = await waitFor('the dead letter', () => {
      const found = bus.deadLetters(record.key);
      return found.length > 0 && found;
    });

    expect(outcome).toMatchObject({ reason: 'rejected', attempts: 1 });
    expect(outcome.detail).toContain('no such team');
    expect(letter?.value?.toString()).toBe(record.value?.toString());
    expect(String(letter?.headers['x-dlq-reason'])).toBe('rejected');
    expect(letter && PageCommands.decode(letter)).toMatchObject({ ok: true, event: { data: command } });
  }, 60_000);

  it('parks what cannot be read and goes on with the partition', async () => {
    await start();
    const command = page();
    const good = commandRecord(command);
    const bad = { ...good, key: `${org}/poison`, value: Buffer.from('{"half'), partition: 3 };
    await bus.write({ ...bad, partition: 3 }, { ...good, partition: 3 });
    await bus.end(command.pageId, 'delivered');

    const [letter] = await waitFor('the dead letter', () => {
      const found = bus.deadLetters(`${org}/poison`);
      return found.length > 0 && found;
    });
    expect(letter?.value?.toString()).toBe('{"half');
    expect(String(letter?.headers['x-dlq-reason'])).toBe('not-json');
  }, 60_000);

  it('holds pages while the credential is refused, names what is missing, and lets them out after a rotation', async () => {
    const { connectionId } = connection;
    const lacking = await seals.sealed({ ...connection, version: 2 }, globex.credential('no-paging').applicationKey);
    await bus.connect(lacking);
    await start();
    const commands = [page({ alertKey: 'a' }), page({ alertKey: 'b' })];
    await bus.order(...commands);
    const fault = await waitFor('the report', () => bus.reportsOf(connectionId)[0], soon);
    expect(fault).toMatchObject({
      kind: 'credential-fault',
      missingPermission: 'on_call_page',
      reportedBy: 'page-delivery',
    });
    expect(bus.outcomesOf(commands[0]?.pageId ?? '').map(({ outcome }) => outcome)).not.toContain('undeliverable');

    const rotated = await seals.sealed({ ...connection, version: 3 }, 'good-key');
    await bus.connect({ ...rotated, credential: { ...rotated.credential, revision: 2 } });
    for (const { pageId } of commands) await bus.end(pageId, 'delivered');

    expect(globex.pages.filter(tagged)).toEqual([]);
    await waitFor('repaired', () => bus.reportsOf(connectionId).some(({ kind }) => kind === 'repaired'), soon);
  }, 60_000);

  it('goes on with other pages while it refuses some with 403, and delivers these, untagged, when it takes them', async () => {
    globex.strike({ kind: 'error', status: 403, body: 'string-array' }, creatingFor('team-closed'));
    await start();
    const closed = Array.from({ length: 20 }, (_, n) => page({ alertKey: `closed-${n}`, teamId: 'team-closed' }));
    await bus.order(...closed);
    await waitFor('all of them refused', () => globex.struck >= closed.length, soon);
    const well = page({ alertKey: 'well' });
    await bus.order(well);
    const outcome = await bus.end(well.pageId, 'delivered');
    expect(Date.parse(outcome.at) - Date.parse(well.occurredAt)).toBeLessThan(5000);

    globex.org.faults.clear();
    for (const { pageId } of closed) await bus.end(pageId, 'delivered');
    expect(globex.pages.filter(tagged)).toEqual([]);
    expect(globex.pages).toHaveLength(closed.length + 1);
  }, 60_000);

  it('gives up, with a dead letter, what has no connection', async () => {
    await start();
    const command = page({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' });
    await bus.order(command);

    expect(await bus.end(command.pageId, 'undeliverable')).toMatchObject({ reason: 'connection-unknown' });
    await waitFor('the dead letter', () => bus.deadLetters(`${org}/${command.alertKey}`).length > 0, soon);
  }, 60_000);

  it('gives up what the destination did not accept within the maximum age', async () => {
    globex.strike(unwell, creating);
    await start({ PAGE_MAX_AGE_MINUTES: 0.03 });
    const command = page();
    await bus.order(command);

    expect(await bus.end(command.pageId, 'undeliverable')).toMatchObject({ reason: 'too-old' });
  }, 60_000);

  it('delays no destination by another that hangs', async () => {
    const other = await seals.sealed({ sourceOrg: org, dataCenter }, 'good-key');
    await bus.connect(other);
    globex.strike({ kind: 'hang' }, creatingFor('team-dead'));
    await start({ CALL_TIMEOUT_MS: 10_000 });
    const dead = Array.from({ length: 30 }, (_, n) => page({ alertKey: `dead-${n}`, teamId: 'team-dead' }));
    const well = page({ alertKey: 'well', connectionId: other.connectionId });
    await bus.order(...dead, well);
    const outcome = await bus.end(well.pageId, 'delivered');

    expect(Date.parse(outcome.at) - Date.parse(well.occurredAt)).toBeLessThan(5000);
  }, 60_000);

  it('shows what it does in its metrics', async () => {
    const instance = await start();
    const command = page();
    await bus.order(command);
    await bus.end(command.pageId, 'delivered');
    const metrics = await instance.metrics();

    expect(metrics).toMatch(/pagebridge_page_outcomes_total\{outcome="delivered",service="page-delivery"\} 1/);
    expect(metrics).toMatch(
      /pagebridge_page_attempts_total\{step="create",result="created",service="page-delivery"\} 1/,
    );
    expect(metrics).toContain('pagebridge_page_oldest_waiting_seconds');
  }, 60_000);
});

describe('two source orgs that share a destination', () => {
  it('take turns at what it allows, so that the storm of one hardly delays the other', async () => {
    globex.org.rateLimits.paging.replace({ limit: 20, periodSeconds: 2, name: 'paging' });
    const calm = uniqueName('calm');
    const other = await seals.sealed({ sourceOrg: calm, dataCenter }, 'good-key');
    await bus.connect(other);
    await start();
    const storm = Array.from({ length: 60 }, (_, n) => page({ alertKey: `storm-${n}` }));
    await bus.order(...storm);
    await waitFor('the storm', () => globex.pages.length >= 20, soon);
    const few = Array.from({ length: 4 }, (_, n) =>
      page({ sourceOrg: calm, connectionId: other.connectionId, alertKey: `calm-${n}` }),
    );
    // In one partition, so that they come in one batch.
    await bus.write(...few.map((command) => ({ ...commandRecord(command), partition: 3 })));
    for (const { pageId } of [...storm, ...few]) await bus.end(pageId, 'delivered');

    const calmIds = new Set(few.map(({ pageId }) => `page-id:${pageId}`));
    const places = globex.pages.flatMap(({ tags }, place) => (tags.some((tag) => calmIds.has(tag)) ? [place] : []));
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBeLessThanOrEqual(2 * few.length);
    expect(places.at(-1)).toBeLessThan(50);
    // Nothing was known of the limit when the first calls left.
    expect(globex.org.requests.counts()[`POST ${creating.path} 429`] ?? 0).toBeLessThanOrEqual(16);
    expect(globex.pages.filter(tagged)).toEqual([]);
  }, 90_000);
});

describe('when too much waits', () => {
  it('takes no more commands of the partition that holds it, goes on with others, and delivers all when it can', async () => {
    const text = 'x'.repeat(8000);
    const other = await seals.sealed({ sourceOrg: org, dataCenter }, 'good-key');
    await bus.connect(other);
    globex.strike(unwell, creatingFor('team-dead'));
    const instance = await start({ WAITING_MIB: 1 });
    const dead = (name: string) => page({ alertKey: name, teamId: 'team-dead', description: text });
    const on = (partition: number, pages: readonly PageCommand[]) =>
      bus.write(...pages.map((command) => ({ ...commandRecord(command), partition })));
    const first = Array.from({ length: 80 }, (_, n) => dead(`first-${n}`));
    await on(3, first);
    const paused = () => gauge(instance, 'pagebridge_intake_paused_partitions');
    await waitFor('a partition paused', async () => (await paused()) === 1, soon);
    const late = Array.from({ length: 20 }, (_, n) => dead(`late-${n}`));
    await on(3, late);
    const { connectionId } = other;
    const healthy = Array.from({ length: 5 }, (_, n) => page({ alertKey: `healthy-${n}`, connectionId }));
    await on(4, healthy);
    for (const { pageId } of healthy) await bus.end(pageId, 'delivered');

    // What was just delivered weighs until its outcome is published.
    await waitFor('no other partition paused', async () => (await paused()) === 1, soon);
    expect(instance.health().ok).toBe(true);
    const known = new Set(bus.statesOf(org).map(({ alertKey }) => alertKey));
    expect(late.filter(({ alertKey }) => known.has(alertKey))).toEqual([]);

    globex.org.faults.clear();
    for (const { pageId } of [...first, ...late]) await bus.end(pageId, 'delivered');
    for (const { pageId } of [...first, ...late]) expect(pagesOf(globex, pageId)).toHaveLength(1);
    await waitFor('no partition paused', async () => (await paused()) === 0, soon);
  }, 90_000);
});

describe('two instances', () => {
  it('own each alert once: what the second takes over, the first lets go', async () => {
    const first = await start();
    const commands = Array.from({ length: 60 }, (_, n) => page({ alertKey: `alert-${n}` }));
    await bus.order(...commands);
    for (const { pageId } of commands) await bus.end(pageId, 'delivered');
    const alone = await alertsOf(first);
    const second = await start();

    await waitFor(
      'the alerts shared out',
      async () => {
        const [mine, theirs] = [await alertsOf(first), await alertsOf(second)];
        return theirs > 0 && mine > 0 && mine < alone && mine + theirs < 1.5 * alone;
      },
      soon,
    );
  }, 60_000);
});

describe('a restart', () => {
  it('keeps pages that wait, and each goes out once and untagged', async () => {
    globex.strike(unwellForNow, creating);
    const first = await start();
    const commands = Array.from({ length: 25 }, (_, n) => page({ alertKey: `alert-${n}` }));
    await bus.order(...commands);
    await waitFor('calls', () => globex.struck > 0, soon);
    await stop(first);
    globex.org.faults.clear();
    await start();
    for (const { pageId } of commands) await bus.end(pageId, 'delivered');

    for (const { pageId } of commands) expect(pagesOf(globex, pageId).map(tagged)).toEqual([false]);
  }, 60_000);

  it('resolves what was delivered before it', async () => {
    const first = await start();
    const command = page();
    await bus.order(command);
    await bus.end(command.pageId, 'delivered');
    await stop(first);
    await bus.order(recovery(command));
    await start();
    await bus.end(command.pageId, 'resolved');

    expect(globex.pages.map(({ status }) => status)).toEqual(['resolved']);
  }, 60_000);

  it('of one of two instances under load loses no page and doubles none unmarked', async () => {
    const first = await start();
    await start();
    const commands = Array.from({ length: 200 }, (_, n) => page({ alertKey: `alert-${n}` }));
    await bus.order(...commands.slice(0, 100));
    await waitFor('some pages', () => globex.pages.length > 10, soon);
    const stopping = stop(first);
    await bus.order(...commands.slice(100));
    await stopping;
    await start();
    for (const { pageId } of commands) await bus.end(pageId, 'delivered');

    for (const { pageId } of commands) {
      expect(pagesOf(globex, pageId).filter((made) => !tagged(made)).length).toBeLessThanOrEqual(1);
    }
  }, 90_000);
});

(hasKafkaTools ? describe : describe.skip)('an alert that Kafka will not take into the ledger', () => {
  beforeEach(() => bus.boundStates(6000), 30_000);
  afterEach(() => bus.boundStates(undefined), 30_000);

  it('goes to the dead letters alone; the others of its partition are paged, and its own page that is out is resolved', async () => {
    await start();
    const first = page();
    await bus.order(first);
    await bus.end(first.pageId, 'delivered');
    const large = page({ alertKey: first.alertKey, teamId: 'team-2', description: 'x'.repeat(8000) });
    const others = [1, 2, 3].map((n) => page({ alertKey: `${first.alertKey}-${n}` }));
    await bus.order(large, ...others);

    const end = await bus.end(large.pageId, 'undeliverable');
    for (const { pageId } of others) await bus.end(pageId, 'delivered');
    const [letter] = await waitFor('its dead letter', () => {
      const letters = bus.deadLetters(`${org}/${first.alertKey}`);
      return letters.length > 0 ? letters : undefined;
    });
    await bus.order(recovery(first));
    await bus.end(first.pageId, 'resolved');

    expect(end).toMatchObject({ reason: 'unwritable' });
    expect(PageCommands.decode(letter as ConsumedRecord)).toMatchObject({
      ok: true,
      event: { data: { pageId: large.pageId } },
    });
    expect(pagesOf(globex, large.pageId)).toEqual([]);
  }, 60_000);
});
