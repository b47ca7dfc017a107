import { describe, expect, it } from '@jest/globals';
import { type AlertState, PageCommands, PageStates } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { asRead } from '@pagebridge/testing';
import { after, aPage } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { PartitionOwner } from './partition-owner.ts';

const { topic } = PageCommands.card;
const idleBytes = 100_000;
const state = after(aPage());
const attributes = { id: 'state', source: '/spec', time: '2026-01-31T12:00:00Z' };

const stateRecord = (key: string, ownerEpoch: number, value: AlertState | null, partition = 0): ConsumedRecord => {
  const record = value ? PageStates.encode(key, attributes, { ...value, ownerEpoch }) : PageStates.tombstone(key);
  const headers = value ? record.headers : { 'x-owner-epoch': String(ownerEpoch) };
  return asRead({ ...record, headers }, { partition });
};

const broken = (key: string): ConsumedRecord => ({ ...stateRecord(key, 1, state), value: Buffer.from('{') });

const setUp = (...records: ConsumedRecord[]) => {
  const weighed: number[] = [];
  const owned = new Map<number, { ownerEpoch: number; keys: string[]; unreadable: string[] }>();
  const unreadable: string[] = [];
  const error = (_message: string, fields = {}) => {
    const { topic, offset, detail } = fields as Record<string, unknown>;
    unreadable.push(`${topic}/${offset} ${detail}`);
  };
  const assigned = new Set<number>();
  const reading = Promise.withResolvers<void>();
  const owner = new PartitionOwner(
    {
      own: (partition, ownerEpoch, { alerts, idle, unreadable }) => {
        const keys = [...alerts.keys(), ...[...idle.all()].map(([key]) => key)];
        owned.set(partition, { ownerEpoch, keys, unreadable: [...unreadable] });
      },
      disown: (partition) => void owned.delete(partition),
    },
    {
      idleShare: (readings) => {
        const bytes = readings.reduce((sum, idle) => sum + idle.bytes, 0);
        weighed.push(bytes);
        return bytes > idleBytes ? idleBytes / readings.length : undefined;
      },
      assign: (partition) => void assigned.add(partition),
      unassign: (partition) => void assigned.delete(partition),
    },
    {
      readAll: async (_topic, partition, onRecord) => {
        await reading.promise;
        for (const record of records) if (record.partition === partition) onRecord(record);
      },
    },
    { log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error } },
  );
  const assign = async (partitions: readonly number[], generation: number) => {
    await Promise.all(partitions.map((partition) => owner.onAssigned({ topic, partition, generation })));
  };
  return { owner, owned, assigned, unreadable, weighed, assign, read: () => reading.resolve() };
};

describe('owning partitions', () => {
  it('begins once the ledger is read, with its alerts', async () => {
    const { assign, owned, read } = setUp(
      stateRecord('acme-us/a', 3, state),
      stateRecord('acme-us/b', 3, state),
      stateRecord('acme-us/b', 4, null),
      stateRecord('acme-us/c', 3, state, 1),
    );
    const assigned = assign([0, 1], 9);
    expect(owned.size).toBe(0);
    read();
    await assigned;

    expect(owned).toEqual(
      new Map([
        [0, { ownerEpoch: 9, keys: ['acme-us/a'], unreadable: [] }],
        [1, { ownerEpoch: 9, keys: ['acme-us/c'], unreadable: [] }],
      ]),
    );
  });

  it('counts a partition for the limits of this instance while it is read, until it is given up', async () => {
    const { owner, assigned, assign, read } = setUp();
    const reading = assign([0, 1], 1);
    expect([...assigned]).toEqual([0, 1]);

    owner.onDisowned([{ topic, partition: 1, generation: 1 }]);
    expect([...assigned]).toEqual([0]);
    read();
    await reading;
    expect([...assigned]).toEqual([0]);
  });

  it('does not begin for a partition that is lost while its ledger is read', async () => {
    const { assign, owner, owned, read } = setUp();
    const assigned = assign([0, 1], 9);
    owner.onDisowned([{ topic, partition: 0, generation: 9 }]);
    read();
    await assigned;

    expect([...owned.keys()]).toEqual([1]);
  });

  it('ends at once when the partition is disowned', async () => {
    const { assign, owner, owned, read } = setUp();
    read();
    await assign([0], 9);
    owner.onDisowned([{ topic, partition: 0, generation: 9 }]);

    expect(owned.size).toBe(0);
  });

  it('leaves an alert whose record is unreadable as it is in the ledger, reports its position, and counts it while the partition is owned', async () => {
    const { owner, assign, owned, unreadable, read } = setUp(broken('x'), stateRecord('acme-us/a', 1, state));
    read();
    await assign([0], 1);

    expect(owned.get(0)).toMatchObject({ keys: ['acme-us/a'], unreadable: ['x'] });
    expect(unreadable).toEqual([expect.stringMatching(/^paging\.page-states\.v1\/0 the alert x: not-json/)]);
    const known = (unreadableKeys: number) => [{ topic: 'paging.page-states.v1', unreadableKeys }];
    expect(owner.topicStates()).toEqual(known(1));
    owner.onDisowned([{ topic, partition: 0, generation: 1 }]);
    expect(owner.topicStates()).toEqual(known(0));
  });

  it('uses a higher owner epoch than any in the ledger, also if the generation of the group was reset', async () => {
    const { assign, owned, read } = setUp(stateRecord('a', 41, state));
    read();
    await assign([0], 1);

    expect(owned.get(0)?.ownerEpoch).toBe(42);
  });

  it('keeps the idle alerts within their bound while it reads, however large the ledger is', async () => {
    const pages = state.pages.map((page) => ({ ...page, status: 'resolved' as const }));
    const records = Array.from({ length: 6000 }, (_, n) => stateRecord(`acme-us/${n}`, 1, { ...state, pages }, n % 2));
    const { assign, weighed, read } = setUp(...records);
    read();
    await assign([0, 1], 1);

    // The memory is checked every thousand records; six thousand take 3 MB.
    expect(weighed).toHaveLength(6);
    expect(Math.max(...weighed)).toBeLessThan(1_000_000);
  });
});
