import { describe, expect, it } from '@jest/globals';
import { rawBatch, rawRecord } from '../../test-fixtures/record-batches.ts';
import { type FetchedMessage, type FetchedRecord, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { readBatch, readRecordBatch } from '../driver/protocol/record-batch.ts';
import { KafkaError, RecordsRefusedError } from '../errors.ts';
import type { ConsumedRecord, OutgoingRecord } from '../record.ts';
import { plaintext } from '../settings.ts';
import { type DeadLetter, deadLetterOf, letterOfBatch, readable } from './dead-letter.ts';
import { DeadLetterWriter } from './dead-letter-writer.ts';

const by = { group: 'page-routing', service: 'page-routing', failedAt: '2026-11-24T10:00:00.000Z' };
const record: ConsumedRecord = {
  topic: 'paging.alerts.v1',
  partition: 7,
  offset: 42,
  timestamp: Date.parse('2026-11-24T09:59:59.123Z'),
  key: Buffer.from([0, 255]),
  value: Buffer.from([1, 2]),
  headers: { odd: Buffer.from([3]) },
};
const mib = 1024 * 1024;
const letter = { record, reason: 'not-json', detail: 'the value is not JSON', attempts: 1 };

describe('a dead letter', () => {
  it('keeps key, value, headers and partition, and describes the failure in readable headers', () => {
    expect(deadLetterOf(letter, by, 12)).toEqual({
      topic: 'paging.alerts.v1.dead',
      partition: 7,
      key: record.key,
      value: record.value,
      headers: {
        odd: Buffer.from([3]),
        'x-dlq-reason': 'not-json',
        'x-dlq-detail': 'the value is not JSON',
        'x-dlq-topic': 'paging.alerts.v1',
        'x-dlq-partition': '7',
        'x-dlq-offset': '42',
        'x-dlq-timestamp': '2026-11-24T09:59:59.123Z',
        'x-dlq-group': 'page-routing',
        'x-dlq-service': 'page-routing',
        'x-dlq-failed-at': '2026-11-24T10:00:00.000Z',
        'x-dlq-attempts': '1',
      },
    });
  });

  it('gets its partition from its key if the dead-letter topic has fewer partitions', () => {
    expect(deadLetterOf(letter, by, 3)).not.toHaveProperty('partition');
  });

  it('has empty headers for headers without a value, which kafkajs cannot write', () => {
    const headers = { nothing: null, some: [null, Buffer.from('x')] };
    expect(deadLetterOf({ ...letter, record: { ...record, headers } }, by, 12).headers).toMatchObject({
      nothing: Buffer.alloc(0),
      some: [Buffer.alloc(0), Buffer.from('x')],
    });
  });

  it('has the number of a timestamp that is no valid time', () => {
    const { headers } = deadLetterOf({ ...letter, record: { ...record, timestamp: -1e20 } }, by, 12);
    expect(headers['x-dlq-timestamp']).toBe('-100000000000000000000');
  });

  it('escapes characters that a console cannot show, and truncates long text', () => {
    expect(readable('grüße\r\n\u{1f4df}')).toBe('gr\\u00fc\\u00dfe\\u000d\\u000a\\ud83d\\udcdf');
    expect(readable('x'.repeat(5000))).toHaveLength(1024);
  });
});

/** A dead-letter topic that refuses a record with a value or header of more than `maxBytes`. */
class FakeTopic {
  readonly written: OutgoingRecord[] = [];
  readonly lines: object[] = [];
  failsWith: Error | undefined;
  readonly letters: DeadLetterWriter;

  constructor(maxBytes = 100) {
    const isTooLarge = ({ value, headers }: OutgoingRecord) =>
      [value, ...Object.values(headers)].some((each) => Buffer.byteLength(String(each)) > maxBytes);
    const publishAccepted = async (records: readonly OutgoingRecord[]) => {
      if (this.failsWith) throw this.failsWith;
      this.written.push(...records.filter((each) => !isTooLarge(each)));
      return records.filter(isTooLarge).map((each) => ({ record: each, detail: 'too large' }));
    };
    const publish = async (records: readonly OutgoingRecord[]) => {
      const refused = await publishAccepted(records);
      if (refused.length > 0) throw new RecordsRefusedError(refused);
    };
    const quiet = () => undefined;
    const warn = (message: string, fields?: object) => void this.lines.push({ message, ...fields });
    const log = { debug: quiet, info: quiet, warn, error: quiet };
    const settings = { brokers: [], clientId: 'page-routing', security: plaintext, log };
    this.letters = new DeadLetterWriter(settings, 'page-routing', {
      publish,
      publishAccepted,
      health: () => ({ ready: true, detail: '' }),
      close: async () => undefined,
    });
    this.letters.know(new Map([['paging.alerts.v1.dead', 12]]));
  }
}

describe('a dead letter that its topic refuses', () => {
  it.each([
    ['value', { value: Buffer.alloc(5000) }],
    ['headers', { headers: { long: Buffer.alloc(5000) } }],
  ])(
    'for its %s, is replaced by a stub with position, size and reasons; the others are written',
    async (_what, large) => {
      const topic = new FakeTopic();
      await topic.letters.write([letter, { ...letter, record: { ...record, offset: 43, ...large } }]);
      expect(topic.written).toMatchObject([
        { value: record.value, headers: { 'x-dlq-offset': '42' } },
        {
          topic: 'paging.alerts.v1.dead',
          partition: 7,
          key: record.key,
          value: null,
          headers: {
            ...{ 'x-dlq-stub': 'true', 'x-dlq-bytes': expect.stringMatching(/^50\d\d$/), 'x-dlq-reason': 'not-json' },
            'x-dlq-stub-detail': 'too large',
            ...{ 'x-dlq-topic': 'paging.alerts.v1', 'x-dlq-partition': '7', 'x-dlq-offset': '43' },
          },
        },
      ]);
      expect(topic.written[1]?.headers).not.toHaveProperty('long');
    },
  );

  it('is not replaced by a stub during an outage of Kafka', async () => {
    const topic = new FakeTopic();
    topic.failsWith = new KafkaError('KAFKA.DELIVERY_TIMEOUT', true, 'away');
    await expect(topic.letters.write([letter])).rejects.toThrow('away');
    topic.failsWith = undefined;
    await topic.letters.write([letter]);
    expect(topic.written).toMatchObject([{ value: record.value }]);
  });
});

describe('dead letters', () => {
  it('are logged with key and reason', async () => {
    const topic = new FakeTopic();
    const named = { ...letter, record: { ...record, key: Buffer.from('acme/disk full\n') } };
    await topic.letters.write([named]);
    expect(topic.lines[0]).toEqual({
      ...{
        message: 'dead letter written',
        group: 'page-routing',
        topic: 'paging.alerts.v1',
        partition: 7,
        offset: 42,
      },
      ...{ key: 'acme/disk full\\u000a', reason: 'not-json', detail: 'the value is not JSON' },
      cure: expect.stringContaining('A replay does not help.'),
    });
  });

  it('do not keep dead-letter headers of the producer', () => {
    const headers = {
      'x-dlq-stub': Buffer.from('true'),
      'x-dlq-first-offset': Buffer.from('1'),
      own: Buffer.from('a'),
    };
    const written = deadLetterOf({ ...letter, record: { ...record, headers } }, by, 12).headers;
    expect(Object.keys(written).filter((name) => /stub|first-offset|own/.test(name))).toEqual(['own']);
  });

  const batchOf = (bytes: number, firstOffset = 12) => {
    const raw = Buffer.alloc(bytes, 'x');
    const batch = new UndecodableBatch(20, 0, firstOffset, raw, 'zstd', 'it is larger than 64 MiB');
    return letterOfBatch('paging.alerts.v1', 7, batch);
  };

  it('contain a batch that cannot be decoded unchanged, with codec and offsets', () => {
    expect(deadLetterOf(batchOf(50), by, 12)).toMatchObject({
      ...{ topic: 'paging.alerts.v1.dead', partition: 7, key: null, value: Buffer.alloc(50, 'x') },
      headers: {
        ...{ 'x-dlq-reason': 'undecodable-batch', 'x-dlq-codec': 'zstd', 'x-dlq-offset': '12' },
        ...{ 'x-dlq-first-offset': '12', 'x-dlq-last-offset': '20' },
        'x-dlq-detail': expect.stringContaining('it is larger than 64 MiB'),
      },
    });
  });
});

describe('dead letters of a flood', () => {
  /** Returns the letters of a record batch of `count` records that are refused, and the batch. */
  const refused = async (baseOffset: number, count: number, its: Parameters<typeof rawRecord>[1] = {}) => {
    const body = Buffer.concat(Array.from({ length: count }, (_, n) => rawRecord(n, its)));
    const raw = rawBatch({ baseOffset, count, body });
    const messages: FetchedMessage[] = [];
    await readBatch(raw, 0, raw.length, 512 * mib, messages, { topic: 'paging.alerts.v1', partition: 7 });
    return { raw, letters: messages.map((each): DeadLetter => ({ ...letter, record: each as FetchedRecord })) };
  };

  it('of 253,000 empty records are the record batches that hold them, as they are in the log', async () => {
    const topic = new FakeTopic(10 * mib);
    const batches = [await refused(0, 250_000), await refused(250_000, 3000)];
    await topic.letters.write(batches.flatMap(({ letters }) => letters));
    expect(topic.written.map(({ value }) => batches.findIndex(({ raw }) => raw.equals(value as Buffer)))).toEqual([
      0, 1,
    ]);
    expect(topic.written[1]).toMatchObject({
      ...{ topic: 'paging.alerts.v1.dead', partition: 7, key: null },
      headers: {
        ...{ 'x-dlq-reason': 'not-json', 'x-dlq-codec': 'none', 'x-dlq-letters': '3000', 'x-dlq-offset': '250000' },
        ...{ 'x-dlq-first-offset': '250000', 'x-dlq-last-offset': '252999' },
        'x-dlq-detail': expect.stringContaining('3000 records of this batch are dead letters'),
      },
    });
    const { records } = await readRecordBatch(topic.written[0]?.value as Buffer, 512 * mib);
    expect(records).toHaveLength(250_000);
  });

  it('are a record batch, too, if they are few but large; a single large one is kept as it is', async () => {
    const topic = new FakeTopic(100 * mib);
    const large = { value: Buffer.alloc(5 * mib) };
    const [two, one] = [await refused(0, 2, large), await refused(2, 1, { value: Buffer.alloc(40 * mib) })];
    await topic.letters.write(two.letters);
    await topic.letters.write(one.letters);
    expect(topic.written.map(({ headers, value }) => [headers['x-dlq-letters'], value?.length])).toEqual([
      ['2', two.raw.length],
      [undefined, 40 * mib],
    ]);
  });

  it.each([
    ['of different names', Array.from({ length: 1500 }, (_, i) => [`h${i}`, Buffer.from('x')] as const)],
    ['of one name', Array.from({ length: 200_000 }, () => ['h', null] as const)],
  ])('with very many headers %s are their record batch, and the next letter is whole', async (_what, headers) => {
    const topic = new FakeTopic(100 * mib);
    const wide = await refused(40, 1, { headers });
    await topic.letters.write([...wide.letters, { ...letter, record: { ...record, offset: 43 } }]);
    expect(topic.written).toMatchObject([
      { value: wide.raw, headers: { 'x-dlq-offset': '40', 'x-dlq-letters': '1' } },
      { value: record.value, headers: { 'x-dlq-offset': '43' } },
    ]);
    expect(Object.keys(topic.written[0]?.headers ?? {}).every((name) => name.startsWith('x-dlq-'))).toBe(true);
  });

  it('are letters of their own if the records are valid, however many there are', async () => {
    const topic = new FakeTopic(10 * mib);
    const { letters } = await refused(0, 2500);
    await topic.letters.write(letters.map((each) => ({ ...each, isSound: true })));
    expect(topic.written.map(({ headers }) => headers['x-dlq-offset'])).toEqual(letters.map((_, n) => String(n)));
  });
});
