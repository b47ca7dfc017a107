import { crc32c, createRecord } from '@platformatic/kafka';

/** A record of a producer without rules: bytes that are not UTF-8, headers that repeat or have no value. */
export interface RawRecord {
  /** A label for the log of the run. */
  readonly kind: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: Buffer, value: Buffer | null])[];
}

const headBytes = 61;
const lengthAt = 8;
const checksumAt = 17;
const attributesAt = 21;
const magic = 2;
export const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
export type Codec = keyof typeof codecs;

/** Returns a record batch of format 2; `body` contains its records, compressed by `codec`. */
export function batchOf(body: Buffer, { count = 1, codec = 'none' as Codec } = {}): Buffer {
  const head = Buffer.alloc(headBytes);
  const now = BigInt(Date.now());
  head.writeInt32BE(headBytes + body.length - lengthAt - 4, lengthAt);
  head.writeInt32BE(-1, 12);
  head.writeInt8(magic, 16);
  head.writeInt16BE(codecs[codec], attributesAt);
  head.writeInt32BE(count - 1, 23);
  head.writeBigInt64BE(now, 27);
  head.writeBigInt64BE(now, 35);
  head.writeBigInt64BE(-1n, 43);
  head.writeInt16BE(-1, 51);
  head.writeInt32BE(-1, 53);
  head.writeInt32BE(count, 57);
  const batch = Buffer.concat([head, body]);
  batch.writeUInt32BE(crc32c(batch.subarray(attributesAt)), checksumAt);
  return batch;
}

/** Returns the bytes of one record in a batch. */
export function bytesOf({ key, value, headers }: Omit<RawRecord, 'kind'>, offsetDelta = 0): Buffer {
  const record = {
    topic: '',
    timestamp: 0n,
    ...(key === null ? {} : { key }),
    // The library accepts null, although its types do not.
    value: value as Buffer,
    headers: new Map(headers) as Map<Buffer, Buffer>,
  };
  return createRecord(record, offsetDelta, 0n).buffer;
}
