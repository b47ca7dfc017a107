import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { codecOf, rawRecord } from '../../../libs/kafka/test-fixtures/record-batches.ts';
import { batchOf } from '../hostile/bombs.ts';
import { recordsIn } from './alert-log.ts';

const partition = 4;
const headers = [
  [Buffer.from('traceparent'), null] as const,
  [Buffer.from('traceparent'), Buffer.from([0xff])] as const,
];
const record = { key: Buffer.from('k'), value: Buffer.from('{}'), headers };

/** Returns the batch as a broker stores it, with its first offset. */
function kept(batch: Buffer, offset: number): Buffer {
  const copy = Buffer.from(batch);
  copy.writeBigInt64BE(BigInt(offset));
  return copy;
}

describe('the log of the alerts topic', () => {
  it('yields each record unchanged, whatever its headers', () => {
    const log = kept(
      batchOf({ body: Buffer.concat([rawRecord(0, record), rawRecord(1, { ...record, value: null })]), count: 2 }),
      70,
    );
    expect(recordsIn(log, partition)).toMatchObject([
      { partition, offset: 70, content: { key: record.key, value: record.value } },
      { partition, offset: 71, content: { value: null } },
    ]);
    const [first] = recordsIn(log, partition);
    expect(first?.content?.headers.traceparent).toEqual([Buffer.alloc(0), Buffer.from([0xff])]);
  });

  it('yields the places of compressed records without decompressing them', () => {
    const log = kept(batchOf({ body: zstdCompressSync(Buffer.alloc(10)), codec: codecOf.zstd, count: 3 }), 5);
    const found = recordsIn(log, partition);
    expect(found.map(({ offset, content }) => [offset, content])).toEqual([5, 6, 7].map((it) => [it, undefined]));
  });

  it('skips transaction markers, and an incomplete batch', () => {
    const batch = batchOf({ body: rawRecord(0, record), count: 1 });
    const [whole, marker] = [kept(batch, 1), kept(batch, 2)];
    marker.writeInt16BE(0x20, 21);
    const log = Buffer.concat([whole, marker, whole.subarray(0, whole.length - 1)]);
    expect(recordsIn(log, partition).map(({ offset }) => offset)).toEqual([1]);
  });
});
