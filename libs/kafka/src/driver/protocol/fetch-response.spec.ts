import { createRequire } from 'node:module';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codecOf, fetchAnswer, rawBatch, rawRecord } from '../../../test-fixtures/record-batches.ts';
import './codecs.ts';
import { readFetchResponse } from './fetch-response.ts';
import { type FetchedRecord, UndecodableBatch } from './fetched-record.ts';

const require = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
  writeInt8(value: number): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: number): Encoder;
  writeString(value: string): Encoder;
  writeBytes(value: Buffer): Encoder;
  writeBuffer(value: Buffer): Encoder;
}
const EncoderOf = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoder;
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<Encoder>;
};
const kafkajs = require('kafkajs/src/protocol/requests/fetch/v4/response') as {
  decode(bytes: Buffer): Promise<{ responses: { partitions: { messages: object[] }[] }[] }>;
};

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const headers = fc.dictionary(fc.string({ maxLength: 12 }), fc.oneof(bytes, fc.array(bytes, { minLength: 2 })), {
  maxKeys: 4,
});
const record = fc.record({
  timestampDelta: fc.integer({ min: -1_000_000, max: 40_000_000_000 }),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers,
});
const batch = fc.record({
  firstOffset: fc.nat({ max: 2 ** 45 }),
  compression: fc.constantFrom(0, 1),
  transactional: fc.boolean(),
  records: fc.array(record, { minLength: 1, maxLength: 5 }),
});
type Batch = typeof batch extends fc.Arbitrary<infer T> ? T : never;

async function encoded({ records, ...batch }: Batch): Promise<Buffer> {
  const encoder = await RecordBatch({
    ...batch,
    firstTimestamp: 1_700_000_000_000,
    lastOffsetDelta: records.length - 1,
    records: records.map((each, offsetDelta) => Record({ ...each, offsetDelta })),
  });
  return encoder.buffer;
}

/** An answer with one partition. Version 11 has three more fields than version 4, which kafkajs reads here. */
function answerOf(version: 4 | 11, records: Buffer): Buffer {
  const encoder = new EncoderOf().writeInt32(0);
  if (version === 11) encoder.writeInt16(0).writeInt32(0);
  encoder.writeInt32(1).writeString('topic').writeInt32(1).writeInt32(3).writeInt16(0).writeInt64(99).writeInt64(98);
  if (version === 11) encoder.writeInt64(1);
  encoder.writeInt32(1).writeInt64(7).writeInt64(42);
  if (version === 11) encoder.writeInt32(-1);
  return encoder.writeBytes(records).buffer;
}

const whole = (messages: readonly object[]) =>
  (messages as FetchedRecord[]).map(({ offset, timestamp, key, value, headers, isControlRecord }) => ({
    ...{ offset: Number(offset), timestamp: Number(timestamp), key, value, headers, isControlRecord },
  }));

const mib = 1024 * 1024;

const messagesOf = async (...sets: readonly Buffer[]) =>
  (await readFetchResponse(fetchAnswer(...sets), mib)).responses[0]?.partitions.map(({ messages }) => messages) ?? [];

const offsetsOf = (messages: readonly { readonly offset: number }[] = []) => messages.map(({ offset }) => offset);

/** Returns a batch of a few hundred bytes with 300 KiB of records. */
const dense = (baseOffset: number) => {
  const record = (_: unknown, i: number) => rawRecord(i, { value: Buffer.alloc(30 * 1024) });
  const body = zlib.gzipSync(Buffer.concat(Array.from({ length: 10 }, record)));
  return rawBatch({ baseOffset, codec: codecOf.gzip, count: 10, body });
};

describe('an answer to a fetch', () => {
  it('is read as kafkajs reads it, compressed or not, cut off or whole', async () => {
    const cases = fc.tuple(fc.array(batch, { maxLength: 3 }), fc.nat({ max: 200 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([batches, cutOff]) => {
        const all = Buffer.concat(await Promise.all(batches.map(encoded)));
        // With fewer bytes, kafkajs reads past the end.
        const records = all.length - cutOff < 49 ? all : all.subarray(0, all.length - cutOff);
        const [expected] = (await kafkajs.decode(answerOf(4, records))).responses;
        const [topic] = (await readFetchResponse(answerOf(11, records), mib)).responses ?? [];
        expect(topic).toMatchObject({ topicName: 'topic', partitions: [{ partition: 3, highWatermark: '99' }] });
        expect(whole(topic?.partitions[0]?.messages ?? [])).toEqual(whole(expected?.partitions[0]?.messages ?? []));
      }),
    );
  });

  it('keeps a header of any name', async () => {
    const records = await encoded({
      firstOffset: 5,
      compression: 0,
      transactional: false,
      records: [{ timestampDelta: 0, key: null, value: null, headers: JSON.parse('{"__proto__":"a","toString":"b"}') }],
    });
    const read = (await readFetchResponse(answerOf(11, records), mib)).responses[0]?.partitions[0]?.messages[0];
    expect(Object.entries(read?.headers ?? {}).map(([name, value]) => `${name}=${value}`)).toEqual([
      '__proto__=a',
      'toString=b',
    ]);
  });

  it('is read on after a batch that cannot be decoded, and in the other partitions', async () => {
    const broken = rawBatch({ baseOffset: 5, codec: codecOf.zstd, count: 3, body: Buffer.from('no zstd') });
    const good = (baseOffset: number) => rawBatch({ baseOffset, count: 1, body: rawRecord(0) });
    const [first, second] = await messagesOf(Buffer.concat([good(4), broken, good(8)]), good(0));
    expect([offsetsOf(first), offsetsOf(second)]).toEqual([[4, 7, 8], [0]]);
    expect(first?.[1]).toBeInstanceOf(UndecodableBatch);
    expect(first?.[1]).toMatchObject({ firstOffset: 5, codec: 'zstd', raw: broken });
  });

  it('is not read further once it has taken the memory that one batch may take', async () => {
    const partitions = [0, 1, 2, 3].map(() => Buffer.concat([dense(0), dense(10)]));
    // The fourth batch is the first one that goes beyond a mebibyte.
    expect((await messagesOf(...partitions)).map((messages) => messages.length)).toEqual([20, 20, 0, 0]);
  });

  it('has an undecodable batch for bytes with an impossible length', async () => {
    const short = rawBatch({ baseOffset: 9, count: 1, body: rawRecord(0) });
    for (const length of [-1, 0, 48]) {
      short.writeInt32BE(length, 8);
      const [messages] = await messagesOf(short);
      expect(messages).toMatchObject([{ offset: 9, firstOffset: 9, raw: short }]);
    }
  });

  it('is read to its end, even if its batches are damaged', async () => {
    const anything = fc.tuple(
      fc.array(batch, { minLength: 1, maxLength: 3 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(anything, async ([batches, noise, place]) => {
        const records = Buffer.concat(await Promise.all(batches.map(encoded)));
        const at = place % records.length;
        records.set(noise.subarray(0, records.length - at), at);
        const [messages = []] = await messagesOf(records);
        for (const { key, value, headers } of messages) {
          expect([key, value].every((each) => each === null || Buffer.isBuffer(each))).toBe(true);
          expect(Object.keys(headers).length).toBeLessThan(records.length);
        }
      }),
    );
  });
});
