import { readRecordBatch } from '@pagebridge/kafka';
import fc from 'fast-check';
import { readFetchResponse } from '../../../libs/kafka/src/fetch-response.ts';
import { compressions, fetchAnswer, rawBatch, rawRecord } from '../../../libs/kafka/test-fixtures/record-batches.ts';
import { damage } from '../json.ts';
import { promise, type Target, target } from '../target.ts';

const maxBytes = 1024 * 1024;

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((drawn) => Buffer.from(drawn));
const block = fc.oneof(fc.constant(null), bytes(40), fc.constant(Buffer.alloc(5000, 'a')));
const record = fc.record({
  key: block,
  value: block,
  headers: fc.array(fc.tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('__proto__'), bytes(8)), block), {
    maxLength: 40,
  }),
});
const codec = fc.constantFrom(...compressions, ['none', 0, async (body: Buffer) => body] as const);
const attributes = fc.constantFrom(0, 0, 0, 0x08, 0x10, 0x20, 0x40, 5, 7);

/** A batch in any codec: as it should be; with bodies and numbers that do not fit; with some bytes that are others. */
const batch = fc
  .record({
    records: fc.array(record, { maxLength: 12 }),
    codec,
    attributes,
    count: fc.option(fc.constantFrom(-1, 0, 1000, 2 ** 31 - 1), { freq: 4, nil: undefined }),
    lastOffsetDelta: fc.option(fc.constantFrom(-1, 0, 3, 2 ** 31 - 1), { freq: 4, nil: undefined }),
    repeat: fc.constantFrom(1, 1, 1, 2000),
    bodyDamage: damage,
    damage,
  })
  .map((drawn) => async () => {
    const { records, codec, attributes, count, lastOffsetDelta, repeat, bodyDamage } = drawn;
    const body = Buffer.concat(records.map((each, n) => rawRecord(n, each)));
    const [, number, compress] = codec;
    const compressed = await compress(bodyDamage(Buffer.concat(Array.from({ length: repeat }, () => body))));
    const its = { codec: number, body: compressed, count: count ?? records.length, attributes };
    return drawn.damage(rawBatch({ ...its, ...(lastOffsetDelta === undefined ? {} : { lastOffsetDelta }) }));
  });

interface Read {
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
}

function lookAt(records: readonly Read[]): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { offset, key, value, headers } of records) {
    promise(offset >= last, `offset ${offset} after ${last}`);
    last = offset;
    promise(key === null || Buffer.isBuffer(key), 'a key that is none');
    promise(value === null || Buffer.isBuffer(value), 'a value that is none');
    Object.entries(headers);
  }
}

const answers = fc.oneof(
  { weight: 1, arbitrary: bytes(400).map((drawn) => async () => drawn) },
  {
    weight: 1,
    arbitrary: fc.tuple(bytes(200), damage).map(
      ([set, damaged]) =>
        async () =>
          damaged(fetchAnswer(set)),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.array(batch, { maxLength: 3 }), damage).map(([batches, damaged]) => async () => {
      return damaged(fetchAnswer(Buffer.concat(await Promise.all(batches.map((make) => make())))));
    }),
  },
);

export const kafkaTargets = (): Target[] => [
  target(
    'kafka record batch',
    fc.oneof(
      batch,
      bytes(200).map((drawn) => async () => drawn),
    ),
    async (make) => {
      const { records, unread } = await readRecordBatch(await make(), maxBytes);
      lookAt(records);
      promise(!unread || unread.firstOffset <= unread.lastOffset, 'what is not read ends before it begins');
    },
  ),
  target(
    'kafka record sets of a fetch',
    fc.array(
      fc.oneof(
        batch,
        bytes(90).map((b) => async () => b),
      ),
    ),
    async (makes) => {
      const sets = await Promise.all(makes.map((make) => make()));
      // Whatever stands in the record sets: only the broker's own frame may be refused.
      const { responses } = await readFetchResponse(fetchAnswer(...sets), maxBytes);
      for (const { messages } of responses.flatMap(({ partitions }) => partitions)) lookAt(messages);
    },
  ),
  target('kafka answer to a fetch', answers, async (make) => {
    try {
      const { responses } = await readFetchResponse(await make(), maxBytes);
      for (const { messages } of responses.flatMap(({ partitions }) => partitions)) lookAt(messages);
    } catch (error) {
      // A broker whose frame cannot be read is asked again over another connection.
      promise((error as Error).name === 'RangeError', `not refused as a bad frame: ${(error as Error).stack}`);
    }
  }),
];
