import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import '../kafkajs-patches.ts';
import { bodyOf } from '../kafkajs-internals.ts';
import { encodeProduce, type ProducePart } from './produce-request.ts';

const require = createRequire(import.meta.url);
interface Request {
  encode(): Promise<{ buffer: Buffer }>;
}
const kafkajsProduce = require('kafkajs/src/protocol/requests/produce/v7/request') as (data: object) => Request;
const createRequest = require('kafkajs/src/protocol/request') as (parts: object) => Promise<{ buffer: Buffer }>;

const zstd = kafkajs.CompressionTypes.ZSTD;
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'grapheme', maxLength: 100 });
const header = fc.oneof(text, bytes(100), fc.array(fc.oneof(text, bytes(10)), { maxLength: 3 }));
const commonHeaders = [
  ['content-type', 'application/cloudevents+json'],
  ['ce_type', ['twice', Buffer.from([0xff])]],
  ['ce_source', Buffer.from('/spec')],
] as const;
// The first headers of a record are often those of the previous record.
const headers = fc
  .tuple(fc.nat({ max: 3 }), fc.dictionary(text, header, { maxKeys: 5 }))
  .map(([common, own]) => ({ ...Object.fromEntries(commonHeaders.slice(0, common)), ...own }));
const record = fc.record({
  key: fc.oneof(fc.constant(null), text, bytes(50)),
  value: fc.oneof(fc.constant(null), text, bytes(20), bytes(9000)),
  headers,
});
const identity = fc.record({
  producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
  producerEpoch: fc.nat({ max: 2 ** 15 - 1 }),
});
const partition = fc.record({
  partition: fc.nat({ max: 50 }),
  firstSequence: fc.nat(),
  records: fc.array(record, { minLength: 1, maxLength: 70 }),
});
const topic = fc.record({
  topic: fc.stringMatching(/^[a-z.-]{1,40}$/),
  partitions: fc.array(partition, { minLength: 1, maxLength: 3 }),
});
const request = fc.record({
  timeout: fc.nat(),
  identity,
  topics: fc.uniqueArray(topic, { maxLength: 2, selector: ({ topic }) => topic }),
});
type Request7 = typeof request extends fc.Arbitrary<infer Drawn> ? Drawn : never;

// Lengths that take each number of bytes that a varint can have here.
const largest: Request7 = {
  timeout: 1,
  identity: { producerId: '1', producerEpoch: 0 },
  topics: [
    {
      topic: 't',
      partitions: [
        {
          partition: 0,
          firstSequence: 0,
          records: [
            { key: null, value: Buffer.alloc(2 ** 20), headers: {} },
            { key: null, value: 'v', headers: {} },
          ],
        },
      ],
    },
  ],
};

const partsOf = ({ topics, identity }: Request7): ProducePart[] =>
  topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ records, ...its }) => ({
      topic,
      identity,
      ...its,
      records: records.map((record) => ({ topic, ...record })),
    })),
  );

const ours = (data: Request7, compressed = false): Promise<Buffer> =>
  encodeProduce(partsOf(data), { compressed, acknowledgeWithinMs: data.timeout });

const theirs = ({ timeout, identity, topics }: Request7, compression = kafkajs.CompressionTypes.None): Request => {
  const topicData = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ records, ...its }) => ({ ...its, messages: records })),
  }));
  return kafkajsProduce({ acks: -1, timeout, ...identity, compression, topicData });
};

describe('encodeProduce', () => {
  beforeAll(() => {
    jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'queueMicrotask'] });
    // kafkajs has no encoder for zstd.
    Object.assign(kafkajs.CompressionCodecs, {
      [zstd]: () => ({ compress: ({ buffer }: { buffer: Buffer }) => promisify(zlib.zstdCompress)(buffer) }),
    });
  });
  afterAll(() => {
    Reflect.deleteProperty(kafkajs.CompressionCodecs, zstd);
    jest.useRealTimers();
  });

  it('writes the same bytes as kafkajs for any records', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (data) => {
        const { buffer } = await theirs(data).encode();
        expect((await ours(data)).equals(buffer)).toBe(true);
      }),
      { numRuns: 40, examples: [[largest]] },
    );
  });

  it('writes compressed records as kafkajs does', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (data) => {
        const { buffer } = await theirs(data, zstd).encode();
        expect((await ours(data, true)).equals(buffer)).toBe(true);
      }),
      { numRuns: 40, examples: [[largest]] },
    );
  });

  it('writes each partition with its own producer identity', async () => {
    const [part] = partsOf(largest) as [ProducePart];
    const other = { ...part, partition: 1, identity: { producerId: '2', producerEpoch: 9 } };
    const options = { compressed: false, acknowledgeWithinMs: 1 };
    const [one, two, both] = await Promise.all(
      [[part], [other], [part, other]].map((its) => encodeProduce(its, options)),
    );
    // Before the first partition: a null, the acks, the timeout, the number of topics, a name and the number of
    // partitions.
    const before = 2 + 2 + 4 + 4 + 3 + 4;
    const rest = Buffer.concat([one, two].map((bytes) => bytes?.subarray(before) ?? Buffer.alloc(0)));
    expect(both?.subarray(before).equals(rest)).toBe(true);
  });

  it('is preceded by the header of the request, however long the client id', async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.string({ maxLength: 400 }), fc.nat(), async (data, clientId, correlationId) => {
        const kafkajsRequest = theirs(data);
        const encode = async () => bodyOf(await ours(data));
        const [mine, its] = await Promise.all(
          [{ ...kafkajsRequest, encode }, kafkajsRequest].map((one) =>
            createRequest({ correlationId, clientId, request: one }),
          ),
        );
        expect(mine?.buffer.equals(its?.buffer ?? Buffer.alloc(0))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
