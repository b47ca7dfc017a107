import zlib from 'node:zlib';
import { compressFrameSync, compressSync } from 'lz4-napi';
import { compressSync as snappy } from 'snappy';

export const codecOf = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

export interface RawBatch {
  readonly baseOffset?: number;
  readonly codec?: number;
  /** The records, already compressed with the codec. */
  readonly body: Buffer;
  /** The number of records in the header, which may be wrong. */
  readonly count: number;
  readonly lastOffsetDelta?: number;
  readonly attributes?: number;
}

/** Returns a record batch as in the log. Its header may contradict its body. */
export function rawBatch({ baseOffset = 0, codec = 0, body, count, attributes = 0, ...rest }: RawBatch): Buffer {
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(baseOffset), 0);
  head.writeInt32BE(49 + body.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(codec | attributes, 21);
  head.writeInt32BE(rest.lastOffsetDelta ?? Math.max(0, count - 1), 23);
  head.writeBigInt64BE(1_700_000_000_000n, 27);
  head.writeBigInt64BE(1_700_000_000_000n, 35);
  head.writeBigInt64BE(-1n, 43);
  head.writeInt32BE(count, 57);
  return Buffer.concat([head, body]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

const block = (bytes: Buffer | null) => (bytes ? Buffer.concat([varint(bytes.length), bytes]) : varint(-1));

export interface RawRecord {
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [name: string | Buffer, value: Buffer | null])[];
}

export const lengthed = (bytes: Buffer): Buffer => Buffer.concat([varint(bytes.length), bytes]);

/** Returns a record as in a batch. */
export function rawRecord(offsetDelta: number, { key = null, value = null, headers = [] }: RawRecord = {}): Buffer {
  const fields = headers.flatMap(([name, each]) => [
    block(typeof name === 'string' ? Buffer.from(name) : name),
    block(each),
  ]);
  const start = Buffer.concat([Buffer.from([0]), varint(0), varint(offsetDelta)]);
  return lengthed(Buffer.concat([start, block(key), block(value), varint(headers.length), ...fields]));
}

/** Returns the answer to a fetch request (version 11), with one record set for each partition. */
export function fetchAnswer(...partitions: readonly Buffer[]): Buffer {
  const topic = Buffer.from('topic');
  const head = Buffer.alloc(12 + topic.length + 4 + 4);
  head.writeInt32BE(1, 10);
  head.writeInt16BE(topic.length, 14);
  topic.copy(head, 16);
  head.writeInt32BE(partitions.length, 16 + topic.length);
  const sets = partitions.map((records, partition) => {
    const before = Buffer.alloc(42);
    before.writeInt32BE(partition, 0);
    before.writeBigInt64BE(99n, 6);
    before.writeInt32BE(-1, 30);
    before.writeInt32BE(-1, 34);
    before.writeInt32BE(records.length, 38);
    return Buffer.concat([before, records]);
  });
  return Buffer.concat([head.subarray(0, 20 + topic.length), ...sets]);
}

/** Compresses blocks like the SnappyOutputStream of Java: a header of 16 bytes, then each block with its length. */
export function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from('82534e415050590000000001' + '00000001', 'hex');
  const parts = blocks.map((bytes) => {
    const compressed = snappy(bytes);
    const length = Buffer.alloc(4);
    length.writeInt32BE(compressed.length);
    return Buffer.concat([length, compressed]);
  });
  return Buffer.concat([header, ...parts]);
}

/** Returns an lz4 frame with linked blocks: each block refers to the block before it. */
export function linkedLz4(bytes: Buffer): Buffer {
  const size = 64 * 1024;
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0x00])];
  for (let at = 0; at < bytes.length; at += size) {
    const before = bytes.subarray(Math.max(0, at - size), at);
    const piece = bytes.subarray(at, at + size);
    const compressed = (at === 0 ? compressSync(piece) : compressSync(piece, before)).subarray(4);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(compressed.length);
    parts.push(length, compressed);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** Every compression that producers use. */
export const compressions: readonly (readonly [
  name: string,
  codec: number,
  compress: (b: Buffer) => Promise<Buffer>,
])[] = [
  ['gzip', codecOf.gzip, async (bytes) => zlib.gzipSync(bytes)],
  ['snappy, one block', codecOf.snappy, async (bytes) => snappy(bytes)],
  ['snappy, framed as by Java', codecOf.snappy, async (bytes) => xerial(pieces(bytes))],
  ['lz4', codecOf.lz4, async (bytes) => compressFrameSync(bytes)],
  [
    'lz4 with checksums',
    codecOf.lz4,
    async (bytes) => compressFrameSync(bytes, { contentChecksum: true, blockChecksums: true }),
  ],
  ['lz4, linked blocks', codecOf.lz4, async (bytes) => linkedLz4(bytes)],
  ['zstd', codecOf.zstd, async (bytes) => zlib.zstdCompressSync(bytes)],
];

/** Cuts bytes as Java clients do before they compress them with snappy. */
export const pieces = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / 32_768) }, (_, i) => bytes.subarray(i * 32_768, (i + 1) * 32_768));
