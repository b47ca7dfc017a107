import { describe, expect, it } from '@jest/globals';
import type { ConsumedRecord } from '@pagebridge/kafka';
import fc from 'fast-check';
import { merged } from './merged.ts';

/** A log: its records by offset, with gaps as compaction leaves them. */
interface Log {
  readonly records: readonly { readonly offset: number; readonly timestamp: number }[];
  readonly high: number;
}

const recordIn = (partition: number, { offset, timestamp }: Log['records'][number]): ConsumedRecord => ({
  ...{ topic: 't', partition, offset, timestamp, key: null, value: null, headers: {} },
});

/** A reader whose fetches have `size` records; records below `low` of a partition are deleted while it reads. */
function readerOf(logs: readonly Log[], size: number, low = 0) {
  const readFrom = async (_: string, partition: number, from: number, onRecord: (record: ConsumedRecord) => void) => {
    if (from < low) return from;
    const fetched = (logs[partition]?.records ?? []).filter(({ offset }) => offset >= from).slice(0, size);
    for (const record of fetched) onRecord(recordIn(partition, record));
    return (fetched.at(-1)?.offset ?? (logs[partition]?.high ?? 0) - 1) + 1;
  };
  const ranges = async (of: readonly { readonly topic: string; readonly partition: number }[]) =>
    of.map((each) => ({ ...each, low, high: logs[each.partition]?.high ?? 0, requestedAt: 0 }));
  return { readFrom, ranges, health: () => ({ ready: true, detail: '' }) };
}
const rangesOf = (logs: readonly Log[]) => logs.map(({ high }, partition) => ({ topic: 't', partition, low: 0, high }));

async function allOf(records: AsyncIterable<ConsumedRecord>): Promise<ConsumedRecord[]> {
  const all: ConsumedRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

const logs = fc.array(
  fc.array(fc.record({ skip: fc.nat(3), after: fc.nat(50) }), { maxLength: 20 }).map((steps): Log => {
    let [offset, timestamp] = [-1, 0];
    const records = steps.map(({ skip, after }) => {
      offset += 1 + skip;
      timestamp += after;
      return { offset, timestamp };
    });
    return { records, high: offset + 1 };
  }),
  { maxLength: 5 },
);

describe('records of several partitions', () => {
  it('come each once and in the order of their times, however they are fetched', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 4 }), async (all, size) => {
        const read = await allOf(merged(readerOf(all, size), rangesOf(all)));
        const times = read.map(({ timestamp }) => timestamp);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const places = read.map(({ partition, offset }) => `${partition}/${offset}`);
        const written = all.flatMap(({ records }, partition) => records.map(({ offset }) => `${partition}/${offset}`));
        expect(places.toSorted()).toEqual(written.toSorted());
      }),
    );
  });

  it('go on at the oldest record if retention deletes the next one, and end where a log was cut', async () => {
    const log = {
      records: [
        { offset: 0, timestamp: 1 },
        { offset: 5, timestamp: 2 },
      ],
      high: 6,
    };
    const offsets = async (low: number) =>
      (await allOf(merged(readerOf([log], 1, low), rangesOf([log])))).map(({ offset }) => offset);
    expect(await offsets(3)).toEqual([5]);
    expect(await offsets(6)).toEqual([]);
  });
});
