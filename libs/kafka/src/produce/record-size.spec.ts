import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Accumulator, batchOverheadBytes, bytesOf, type Chunk, type Entry, sizeOf } from './accumulator.ts';
import { encodeProduce } from './produce-request.ts';

const bounds = { maxBatchBytes: 1000, maxRecordsPerPartition: 5, maxRequestBytes: 2000 };
const open = { deadline: 0, settled: false };

const entryOf = (partition: number, bytes: number, n: number): Entry => ({
  record: { topic: 't', key: `${partition}`, value: Buffer.from(String(n)), headers: {} },
  partition,
  bytes,
  delivery: open,
  acknowledged: false,
});

const numbersOf = (chunks: readonly Chunk[], partition: number): number[] =>
  chunks.filter((chunk) => chunk.partition === partition).flatMap(({ entries }) => entries.map(numberOf));
const numberOf = ({ record }: Entry): number => Number(record.value?.toString());

describe('an accumulator', () => {
  it('never exceeds its bounds, loses nothing and keeps the order of each partition, whatever fails', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 1500 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.boolean()), (sizes, failures) => {
        const accumulator = new Accumulator(bounds);
        for (const [n, [partition, bytes]] of sizes.entries()) accumulator.add(entryOf(partition, bytes, n));
        const sent: Chunk[] = [];
        for (let turns = 0; !accumulator.isEmpty; turns++) {
          const chunks = accumulator.take();
          expect(chunks.length).toBeGreaterThan(0);
          expect(new Set(chunks.map(({ partition }) => partition)).size).toBe(chunks.length);
          for (const chunk of chunks) {
            expect(chunk.entries.length).toBeLessThanOrEqual(5);
            if (chunk.entries.length > 1) expect(bytesOf(chunk)).toBeLessThanOrEqual(1000);
          }
          const alone = chunks.length === 1 && chunks[0]?.entries.length === 1;
          if (!alone) expect(chunks.reduce((sum, chunk) => sum + bytesOf(chunk), 0)).toBeLessThanOrEqual(2000);
          if (turns < 100 && failures.next().value) accumulator.putBack(chunks);
          else sent.push(...chunks);
        }
        for (const partition of [0, 1, 2, 3]) {
          const added = [...sizes.keys()].filter((n) => sizes[n]?.[0] === partition);
          expect(numbersOf(sent, partition)).toEqual(added);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives every partition its turn', () => {
    const accumulator = new Accumulator(bounds);
    for (let n = 0; n < 30; n++) accumulator.add(entryOf(n % 3, 900, n));
    const turns = [1, 2, 3].map(() => accumulator.take().map(({ partition }) => partition));
    expect(turns).toEqual([
      [0, 1],
      [2, 0],
      [1, 2],
    ]);
  });

  it('sends nothing of a publish that was given up', () => {
    const accumulator = new Accumulator(bounds);
    const delivery = { deadline: 0, settled: false };
    accumulator.add({ ...entryOf(0, 10, 1), delivery });
    accumulator.add(entryOf(0, 10, 2));
    delivery.settled = true;
    expect(numbersOf(accumulator.take(), 0)).toEqual([2]);
  });

  it('sends again only what was not acknowledged', () => {
    const accumulator = new Accumulator(bounds);
    for (const n of [1, 2, 3]) accumulator.add(entryOf(0, 10, n));
    const chunks = accumulator.take();
    for (const entry of chunks[0]?.entries.slice(0, 2) ?? []) entry.acknowledged = true;
    accumulator.putBack(chunks);
    accumulator.add(entryOf(0, 10, 4));
    expect(numbersOf(accumulator.take(), 0)).toEqual([3, 4]);
  });

  it('counts key, value and headers in a size, absent ones too', () => {
    const bare = { topic: 't', key: null, value: Buffer.alloc(70_000), headers: {} };
    const full = {
      ...bare,
      key: 'ü',
      value: Buffer.alloc(70_100),
      headers: { a: 'bb', c: ['d', Buffer.alloc(5)], e: undefined },
    };
    expect(sizeOf(full) - sizeOf(bare)).toBe(2 + 100 + (10 + 1 + 2) + (10 + 1 + 1) + (10 + 1 + 5) + (10 + 1));
  });

  it('never takes a small record for smaller than it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    fc.assert(
      fc.property(text, text, fc.dictionary(text, text), (key, value, headers) => {
        const record = { topic: 't', key, value: Buffer.from(value), headers };
        const topicData = [{ topic: 't', partitions: [{ partition: 0, messages: [record] }] }];
        const emptyRequest = encodeProduce({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [] }] });
        const written = encodeProduce({ acks: -1, timeout: 1, topicData }).length - emptyRequest.length;
        expect(sizeOf(record) + batchOverheadBytes + 8).toBeGreaterThanOrEqual(written);
      }),
    );
  });
});
