import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import type { Outbox, OutboxRow, PassedOver } from './outbox.ts';
import { OutboxRelay, type RelayOptions } from './outbox-relay.ts';

/** An outbox in memory. The test can end its lease, and switch the database off. */
class FakeOutbox implements Outbox {
  rows: OutboxRow[] = [];
  holder: string | undefined;
  refusals = 0;
  restated: string[] = [];
  away = false;
  fault: object = { code: 'ECONNREFUSED' };

  add(...ids: number[]): void {
    this.rows.push(
      ...ids.map((id) => ({ id: String(id), topic: 't', key: 'k', value: Buffer.from(`${id}`), headers: {} })),
    );
  }

  addTo(topic: string, ...keys: string[]): void {
    const first = this.rows.length + 1;
    this.rows.push(
      ...keys.map((key, n) => ({
        id: String(first + n),
        topic,
        key,
        value: Buffer.from(`${topic}/${key}`),
        headers: {},
      })),
    );
  }

  async backlog() {
    this.answer();
    return { records: this.rows.length, oldestAt: undefined };
  }

  async lease(holder: string) {
    this.answer();
    this.holder ??= holder;
    if (this.holder !== holder) this.refusals += 1;
    return this.holder === holder;
  }

  async renew(holder: string) {
    this.answer();
    return this.holder === holder;
  }

  async release(holder: string) {
    this.answer();
    if (this.holder === holder) this.holder = undefined;
  }

  async oldest(limit: number, { topics, keys }: PassedOver) {
    this.answer();
    const isPassedOver = (row: OutboxRow) =>
      topics.includes(row.topic) || keys.some(({ topic, key }) => topic === row.topic && key === row.key);
    return this.rows
      .filter((row) => !isPassedOver(row))
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .slice(0, limit);
  }

  async remove(ids: readonly string[]) {
    this.answer();
    this.rows = this.rows.filter((row) => !ids.includes(row.id));
  }

  async restate(records: readonly OutboxRow[]) {
    this.answer();
    this.restated.push(...records.map(({ id }) => id));
  }

  private answer(): void {
    if (this.away) throw Object.assign(new Error('gone'), this.fault);
  }
}

const running: OutboxRelay[] = [];
afterEach(() => Promise.all(running.splice(0).map((relay) => relay.stop())));

function relayOf(outbox: FakeOutbox, differences: Partial<RelayOptions> = {}) {
  const published: string[] = [];
  const events: string[] = [];
  const relay = new OutboxRelay({
    outbox,
    publish: async (records: readonly OutgoingRecord[]) => {
      published.push(...records.map((record) => String(record.value)));
    },
    publishSpentAfterMs: 100,
    observer: {
      looked: () => undefined,
      published: () => undefined,
      overtaken: (records) => events.push(`overtaken: ${records}`),
      failing: (part) => events.push(`failing: ${part}`),
      recovered: () => events.push('recovered'),
    },
    pollMs: 5,
    maxBackoffMs: 10,
    batchRecords: 2,
    ...differences,
  });
  running.push(relay);
  return { relay, published, events };
}

describe('OutboxRelay', () => {
  it('publishes by id, in batches, and empties the outbox', async () => {
    const outbox = new FakeOutbox();
    outbox.add(3, 1, 5, 2, 4);
    const { relay, published } = relayOf(outbox);
    relay.start();
    await waitFor('an empty outbox', () => outbox.rows.length === 0);
    expect(published).toEqual(['1', '2', '3', '4', '5']);
  });

  it('publishes an event whose id is lower than one already published', async () => {
    const outbox = new FakeOutbox();
    outbox.add(7);
    const { relay, published } = relayOf(outbox);
    relay.start();
    await waitFor('the first', () => published.length === 1);
    outbox.add(6);
    await waitFor('the late one', () => published.length === 2);
    expect(published).toEqual(['7', '6']);
  });

  it('publishes at once when woken, however long the poll interval', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1);
    const { relay, published } = relayOf(outbox, { pollMs: 60_000 });
    relay.start();
    await waitFor('the first', () => published.length === 1);
    outbox.add(2);
    relay.wake();
    await waitFor('the second', () => published.length === 2, { withinMs: 50_000 });
  });

  it('keeps every event while Kafka is away, and publishes them in order when it is back', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1, 2, 3);
    let kafkaIsAway = true;
    const published: string[] = [];
    const { relay, events } = relayOf(outbox, {
      publish: async (records) => {
        if (kafkaIsAway) throw new Error('no broker');
        published.push(...records.map((record) => String(record.value)));
      },
    });
    relay.start();
    await waitFor('the failure', () => events.includes('failing: kafka'));
    expect(outbox.rows).toHaveLength(3);
    kafkaIsAway = false;
    await waitFor('an empty outbox', () => outbox.rows.length === 0);
    expect(published).toEqual(['1', '2', '3']);
    await waitFor('the recovery', () => events.length === 2);
    expect(events).toEqual(['failing: kafka', 'recovered']);
  });

  it('survives a database that goes away and comes back', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1);
    const { relay, published, events } = relayOf(outbox);
    relay.start();
    await waitFor('the first', () => published.length === 1);
    outbox.away = true;
    await waitFor('the failure', () => events.includes('failing: database'));
    outbox.add(2);
    outbox.away = false;
    await waitFor('the second', () => published.length === 2);
    expect(events).toContain('recovered');
  });

  it('reports the present fault of the database, each once, and without the text of the driver', async () => {
    const outbox = new FakeOutbox();
    outbox.away = true;
    const faults: string[] = [];
    const { relay } = relayOf(outbox, {
      observer: {
        looked: () => undefined,
        published: () => undefined,
        overtaken: () => undefined,
        failing: (_, error) => faults.push(error instanceof Error ? error.message : ''),
        recovered: () => faults.push('recovered'),
      },
    });
    relay.start();
    await waitFor('the first fault', () => faults.length === 1);
    outbox.fault = { code: 'ER_OPTION_PREVENTS_STATEMENT', sqlState: 'HY000' };
    await waitFor('the second fault', () => faults.length === 2);
    outbox.away = false;
    await waitFor('the recovery', () => faults.length === 3);
    expect(faults).toEqual([
      'the database does not answer (ECONNREFUSED)',
      'the database rejects the request (ER_OPTION_PREVENTS_STATEMENT)',
      'recovered',
    ]);
  });

  it('blames no database for a fault of its own, backs off, and goes on once that is over', async () => {
    const outbox = new FakeOutbox();
    outbox.fault = {};
    outbox.away = true;
    const faults: unknown[] = [];
    const observer = {
      looked: () => undefined,
      published: () => undefined,
      overtaken: () => undefined,
      failing: (part: string, error: unknown) => faults.push([part, error]),
      recovered: () => faults.push('recovered'),
    };
    const { relay } = relayOf(outbox, { observer, pollMs: 600_000 });
    relay.start();
    await waitFor('the fault', () => faults.length === 1);
    outbox.away = false;
    await waitFor('the recovery', () => faults.length === 2);
    expect(faults).toEqual([['relay', new Error('gone')], 'recovered']);
  });

  it('reports the database even if it fails after Kafka', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1);
    const { relay, events } = relayOf(outbox, { publish: () => Promise.reject(new Error('no broker')) });
    relay.start();
    await waitFor('the failure of Kafka', () => events.includes('failing: kafka'));
    outbox.away = true;
    await waitFor('the failure of the database', () => events.includes('failing: database'));
  });

  it('publishes while no other relay has the lease, and releases it when the outbox is empty', async () => {
    const outbox = new FakeOutbox();
    outbox.holder = 'another';
    outbox.add(1);
    const { relay, published } = relayOf(outbox);
    relay.start();
    await waitFor('refusals', () => outbox.refusals > 2);
    expect(published).toEqual([]);
    outbox.holder = undefined;
    await waitFor('the event', () => published.length === 1);
    await waitFor('the end of the lease', () => outbox.holder === undefined);
  });

  it('keeps the lease after a publish that was given up, since that may still arrive', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1);
    const { relay, events } = relayOf(outbox, { publish: () => Promise.reject(new Error('no answer')) });
    relay.start();
    await waitFor('the failure', () => events.includes('failing: kafka'));
    await relay.stop();
    expect(outbox.holder).toBeDefined();
  });

  it('queues again what it published while another relay took the lease', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1, 2);
    const thawed = Promise.withResolvers<void>();
    const frozen = relayOf(outbox, { publish: () => thawed.promise });
    frozen.relay.start();
    await waitFor('the lease', () => outbox.holder);
    outbox.holder = undefined;
    const other = relayOf(outbox);
    other.relay.start();
    await waitFor('the other to publish', () => other.published.length === 2);
    thawed.resolve();
    await waitFor('the late ones to be queued again', () => outbox.restated.length > 0);
    expect(outbox.restated).toEqual(['1', '2']);
    expect(frozen.events).toEqual(['overtaken: 2']);
  });

  it('does so even if the database does not say at once whether the lease was kept', async () => {
    const outbox = new FakeOutbox();
    outbox.add(1);
    const { relay, events } = relayOf(outbox, {
      publish: async () => {
        outbox.holder = 'another';
        outbox.away = true;
      },
    });
    relay.start();
    await waitFor('the failure', () => events.includes('failing: database'));
    outbox.away = false;
    await waitFor('the late one to be queued again', () => outbox.restated.length > 0);
    expect(outbox.restated).toEqual(['1']);
  });

  it.each([
    ['one key', Array.from({ length: 100 }, () => 'org-a')],
    ['as many keys', Array.from({ length: 100 }, (_, n) => `org-${n}`)],
  ])(
    'publishes a revocation behind a hundred rows of %s that cannot be written, and keeps those rows',
    async (_, blocked) => {
      const outbox = new FakeOutbox();
      outbox.addTo('audit', ...blocked);
      outbox.addTo('tokens', 'token-of-org-b');
      const { relay, published, events } = relayOf(outbox, {
        batchRecords: 100,
        publish: async (records) => {
          if (records.some(({ topic }) => topic === 'audit')) throw new Error('audit/3: NOT_ENOUGH_REPLICAS');
          published.push(...records.map((record) => String(record.value)));
        },
      });
      relay.start();
      await waitFor('the revocation to be out of the outbox', () =>
        outbox.rows.every(({ topic }) => topic === 'audit'),
      );
      expect(published).toEqual(['tokens/token-of-org-b']);
      expect(outbox.rows).toHaveLength(100);
      expect(events).toEqual(['failing: kafka']);
    },
  );

  it('does not wait for a slow publish before later ones, and keeps the order of each key', async () => {
    const outbox = new FakeOutbox();
    outbox.addTo('audit', 'org-a');
    const written = Promise.withResolvers<void>();
    const begun: string[] = [];
    const { relay } = relayOf(outbox, {
      publishSpentAfterMs: 60_000,
      publish: (records) => {
        begun.push(...records.map((record) => String(record.value)));
        return records.some(({ topic }) => topic === 'audit') ? written.promise : Promise.resolve();
      },
    });
    relay.start();
    await waitFor('the slow one to be under way', () => begun.length === 1);
    outbox.addTo('audit', 'org-a');
    outbox.addTo('tokens', 'token');
    await waitFor('the other to be out of the outbox', () => outbox.rows.every(({ topic }) => topic === 'audit'));
    expect(begun).toEqual(['audit/org-a', 'tokens/token']);
    expect(outbox.holder).toBeDefined();
    written.resolve();
    await waitFor('an empty outbox', () => outbox.rows.length === 0);
    expect(begun).toEqual(['audit/org-a', 'tokens/token', 'audit/org-a']);
    await waitFor('the end of the lease', () => outbox.holder === undefined);
  });

  it('queues a slow publish again if another relay took the lease meanwhile', async () => {
    const outbox = new FakeOutbox();
    outbox.addTo('audit', 'org-a');
    const written = Promise.withResolvers<void>();
    const { relay, events } = relayOf(outbox, {
      publishSpentAfterMs: 60_000,
      publish: ([record]) => (record?.topic === 'audit' ? written.promise : Promise.resolve()),
    });
    relay.start();
    await waitFor('the lease', () => outbox.holder);
    outbox.holder = 'another';
    await waitFor('the relay to find out', () => outbox.refusals > 2);
    outbox.holder = undefined;
    outbox.addTo('tokens', 'token');
    await waitFor('it to have the lease again', () => outbox.rows.every(({ topic }) => topic === 'audit'));
    expect(outbox.restated).toEqual([]);
    written.resolve();
    await waitFor('the slow one to be queued again', () => outbox.restated.length > 0);
    expect(outbox.restated).toEqual(['1']);
    expect(events).toEqual(['overtaken: 1']);
  });

  it('publishes what is queued before it stops, and releases the lease', async () => {
    const outbox = new FakeOutbox();
    const { relay, published } = relayOf(outbox, { pollMs: 60_000 });
    relay.start();
    outbox.add(1, 2, 3);
    await relay.stop();
    expect(published).toEqual(['1', '2', '3']);
    expect(outbox.holder).toBeUndefined();
  });
});
