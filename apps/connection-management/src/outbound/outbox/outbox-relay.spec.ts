import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { OutboxRelay, type RelayOptions } from './outbox-relay.ts';
import type { OutboxRow, RelaySession } from './relay-session.ts';

/** An outbox in memory, with a lock that one session at a time holds, and a switch that takes the database away. */
class FakeOutbox {
  rows: OutboxRow[] = [];
  holder: RelaySession | undefined;
  refusals = 0;
  away = false;

  add(...ids: number[]): void {
    this.rows.push(
      ...ids.map((id) => ({ id: String(id), topic: 't', key: 'k', value: Buffer.from(`${id}`), headers: {} })),
    );
  }

  open = async (): Promise<RelaySession> => {
    const outbox = this;
    const here = () => {
      if (outbox.away) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    };
    here();
    const session: RelaySession = {
      async lead() {
        here();
        outbox.holder ??= session;
        if (outbox.holder !== session) outbox.refusals += 1;
        return outbox.holder === session;
      },
      async oldest(limit) {
        here();
        return outbox.rows.toSorted((a, b) => Number(a.id) - Number(b.id)).slice(0, limit);
      },
      async remove(ids) {
        here();
        outbox.rows = outbox.rows.filter((row) => !ids.includes(row.id));
      },
      async backlog() {
        here();
        return { records: outbox.rows.length, oldestAt: undefined };
      },
      async close() {
        if (outbox.holder === session) outbox.holder = undefined;
      },
    };
    return session;
  };
}

const running: OutboxRelay[] = [];
afterEach(() => Promise.all(running.splice(0).map((relay) => relay.stop())));

function relayOf(outbox: FakeOutbox, differences: Partial<RelayOptions> = {}) {
  const published: string[] = [];
  const events: string[] = [];
  const relay = new OutboxRelay({
    openSession: outbox.open,
    publish: async (records: readonly OutgoingRecord[]) => {
      published.push(...records.map((record) => String(record.value)));
    },
    observer: {
      looked: () => undefined,
      published: () => undefined,
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

  it('goes at once when nudged, however long the poll', async () => {
    const outbox = new FakeOutbox();
    const { relay, published } = relayOf(outbox, { pollMs: 60_000 });
    relay.start();
    await waitFor('the lead', () => outbox.holder);
    outbox.add(1);
    relay.nudge();
    await waitFor('the event', () => published.length === 1, { withinMs: 1000 });
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

  it('outlives a database that goes away and comes back', async () => {
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

  it('publishes in one of several relays only, and in the next one when that one stops', async () => {
    const outbox = new FakeOutbox();
    const first = relayOf(outbox);
    const second = relayOf(outbox, { takeoverMs: 1 });
    first.relay.start();
    await waitFor('the first to lead', () => outbox.holder);
    second.relay.start();
    outbox.add(1, 2, 3);
    await waitFor('an empty outbox', () => outbox.rows.length === 0);
    expect([first.published.length, second.published.length]).toEqual([3, 0]);
    await first.relay.stop();
    outbox.add(4);
    await waitFor('the second to take over', () => second.published.length === 1);
  });

  it('publishes nothing, having taken the lead over, while a publish of who led before may be on its way', async () => {
    const outbox = new FakeOutbox();
    const first = relayOf(outbox);
    const second = relayOf(outbox, { takeoverMs: 150 });
    first.relay.start();
    await waitFor('the first to lead', () => outbox.holder);
    second.relay.start();
    await waitFor('the second to be refused', () => outbox.refusals > 0);
    const from = performance.now();
    await first.relay.stop();
    outbox.add(1);
    await waitFor('the second to publish', () => second.published.length === 1);
    expect(performance.now() - from).toBeGreaterThanOrEqual(150);
  });

  it('publishes what is queued before it stops, and leads no more', async () => {
    const outbox = new FakeOutbox();
    const { relay, published } = relayOf(outbox, { pollMs: 60_000 });
    relay.start();
    await waitFor('the lead', () => outbox.holder);
    outbox.add(1, 2, 3);
    await relay.stop();
    expect(published).toEqual(['1', '2', '3']);
    expect(outbox.holder).toBeUndefined();
  });
});
