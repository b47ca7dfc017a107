import { zstdCompressSync } from 'node:zlib';
import type { OutgoingRecord } from '@pagebridge/kafka';

/** Returns a zstd record batch of version 2, as a log stores it from this offset on. */
export function aZstdBatch(baseOffset: number, records: readonly OutgoingRecord[]): Buffer {
  const each = records.map(({ key, value }, delta) => {
    const body = Buffer.concat([Buffer.of(0), varint(0), varint(delta), block(key), block(value), varint(0)]);
    return Buffer.concat([varint(body.length), body]);
  });
  const compressed = zstdCompressSync(Buffer.concat(each));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(baseOffset), 0);
  head.writeInt32BE(49 + compressed.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(4, 21);
  head.writeInt32BE(records.length - 1, 23);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, compressed]);
}

const block = (content: OutgoingRecord['value']): Buffer => {
  const bytes = Buffer.from(content ?? '');
  return Buffer.concat([varint(bytes.length), bytes]);
};

// Encodes non-negative numbers only, which zigzag doubles.
function varint(number: number): Buffer {
  const bytes: number[] = [];
  let left = number * 2;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
