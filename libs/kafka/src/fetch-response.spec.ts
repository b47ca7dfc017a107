import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import './codecs.ts';
import { type FetchedRecord, readFetchResponse } from './fetch-response.ts';

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
  compression: fc.constantFrom(0, 1, 4),
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

/** An answer with one partition; version 11 says three things more than version 4, which kafkajs reads here. */
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
  (messages as FetchedRecord[]).map(({ offset, timestamp, key, value, headers, isControlRecord, batchContext }) => ({
    ...{ offset: Number(offset), timestamp: Number(timestamp), key, value, headers, isControlRecord },
    producerId: batchContext.producerId,
    inTransaction: batchContext.inTransaction,
  }));

describe('an answer to a fetch', () => {
  it('is read as kafkajs reads it, compressed or not, cut off or whole', async () => {
    const cases = fc.tuple(fc.array(batch, { maxLength: 3 }), fc.nat({ max: 200 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([batches, cutOff]) => {
        const all = Buffer.concat(await Promise.all(batches.map(encoded)));
        // Of less, kafkajs reads past the end.
        const records = all.length - cutOff < 49 ? all : all.subarray(0, all.length - cutOff);
        const [expected] = (await kafkajs.decode(answerOf(4, records))).responses;
        const [topic] = (await readFetchResponse(answerOf(11, records)))?.responses ?? [];
        expect(topic).toMatchObject({ topicName: 'topic', partitions: [{ partition: 3, highWatermark: '99' }] });
        expect(topic?.partitions[0]?.abortedTransactions).toEqual([{ producerId: '7', firstOffset: '42' }]);
        expect(whole(topic?.partitions[0]?.messages ?? [])).toEqual(whole(expected?.partitions[0]?.messages ?? []));
      }),
    );
  });

  it('is left to kafkajs when it holds records of the format before', async () => {
    const old = Buffer.alloc(80);
    old.writeInt32BE(68, 8);
    old.writeInt8(1, 16);
    expect(await readFetchResponse(answerOf(11, old))).toBeUndefined();
  });

  it('keeps a header of any name', async () => {
    const records = await encoded({
      firstOffset: 5,
      compression: 0,
      transactional: false,
      records: [{ timestampDelta: 0, key: null, value: null, headers: JSON.parse('{"__proto__":"a","toString":"b"}') }],
    });
    const read = (await readFetchResponse(answerOf(11, records)))?.responses[0]?.partitions[0]?.messages[0];
    expect(Object.entries(read?.headers ?? {}).map(([name, value]) => `${name}=${value}`)).toEqual([
      '__proto__=a',
      'toString=b',
    ]);
  });
});
