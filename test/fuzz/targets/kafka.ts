import { readRecordBatch } from '@pagebridge/kafka';
import fc from 'fast-check';
import { readFetchResponse } from '../../../libs/kafka/src/driver/protocol/fetch-response.ts';
import { compressions, fetchAnswer, rawBatch, rawRecord } from '../../../libs/kafka/test-fixtures/record-batches.ts';
import { damage, damaged } from '../json.ts';
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
const codecs = new Map([['none', 0, async (body: Buffer) => body] as const, ...compressions].map((it) => [it[0], it]));
const attributes = fc.constantFrom(0, 0, 0, 0x08, 0x10, 0x20, 0x40, 5, 7);
const oddly = (...numbers: number[]) =>
  fc.option(fc.constantFrom(...numbers, 2 ** 31 - 1), { freq: 4, nil: undefined });

/** A batch in any codec: valid, with inconsistent bodies and numbers, or with replaced bytes. */
const batch = fc.record({
  records: fc.array(record, { maxLength: 12 }),
  codec: fc.constantFrom(...codecs.keys()),
  attributes,
  count: oddly(-1, 0, 1000),
  lastOffsetDelta: oddly(-1, 0, 3),
  repeat: fc.constantFrom(1, 1, 1, 1, 1, 1, 500),
  bodyDamage: damage,
  damage,
});
type Batch = typeof batch extends fc.Arbitrary<infer Drawn> ? Drawn : never;

async function written(drawn: Batch | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(drawn)) return drawn;
  const { records, codec, attributes, count, lastOffsetDelta, repeat, bodyDamage } = drawn;
  const [, number = 0, compress = async (bytes: Buffer) => bytes] = codecs.get(codec) ?? [];
  const body = Buffer.concat(records.map((each, n) => rawRecord(n, each)));
  const compressed = await compress(damaged(Buffer.concat(Array.from({ length: repeat }, () => body)), bodyDamage));
  const its = { codec: number, body: compressed, count: count ?? records.length, attributes };
  return damaged(rawBatch({ ...its, ...(lastOffsetDelta === undefined ? {} : { lastOffsetDelta }) }), drawn.damage);
}

interface Read {
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
}

function lookAt(records: readonly Read[]): void {
  for (const { key, value, headers } of records) {
    promise(key === null || Buffer.isBuffer(key), 'a key that is none');
    promise(value === null || Buffer.isBuffer(value), 'a value that is none');
    Object.entries(headers);
  }
}

function lookAtOrder(records: readonly Read[]): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { offset } of records) {
    promise(offset >= last, `offset ${offset} after ${last}`);
    last = offset;
  }
}

async function lookAtAnswer(answer: Buffer): Promise<void> {
  const { responses } = await readFetchResponse(answer, maxBytes);
  for (const { messages } of responses.flatMap(({ partitions }) => partitions)) lookAt(messages);
}

export const kafkaTargets = (): Target[] => [
  target('kafka record batch', fc.oneof(batch, bytes(200)), async (drawn) => {
    const { records, unread } = await readRecordBatch(await written(drawn), maxBytes);
    lookAt(records);
    lookAtOrder(records);
    promise(!unread || unread.firstOffset <= unread.lastOffset, 'what is not read ends before it begins');
  }),
  target('kafka record sets of a fetch', fc.array(fc.oneof(batch, bytes(90)), { maxLength: 4 }), async (drawn) => {
    // Any content of a record set must be read; only an invalid frame of the broker may be refused.
    await lookAtAnswer(fetchAnswer(...(await Promise.all(drawn.map(written)))));
  }),
  target('kafka answer to a fetch', fc.tuple(fc.array(batch, { maxLength: 3 }), damage), async ([batches, how]) => {
    const answer = fetchAnswer(Buffer.concat(await Promise.all(batches.map(written))));
    await lookAtBrokenAnswer(damaged(answer, how));
  }),
  target('kafka answer of any bytes', bytes(400), lookAtBrokenAnswer),
];

async function lookAtBrokenAnswer(answer: Buffer): Promise<void> {
  try {
    await lookAtAnswer(answer);
  } catch (error) {
    // After an unreadable frame the consumer fetches again over another connection.
    promise((error as Error).name === 'RangeError', `not refused as a bad frame: ${(error as Error).stack}`);
  }
}
