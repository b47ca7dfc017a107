import { describe, expect, it } from '@jest/globals';
import { UndecodableBatch } from '../driver/protocol/fetched-record.ts';
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

describe('a valid record', () => {
  it('is kept whole, however many are parked', async () => {
    const topic = new FakeTopic(10 * 1024 * 1024);
    const value = Buffer.alloc(4 * 1024 * 1024);
    const many = Array.from({ length: 12 }, (_, n) => ({ ...letter, record: { ...record, offset: n, value } }));
    await topic.letters.write(many.map((each) => ({ ...each, isSound: true })));
    expect(topic.written.filter((each) => each.value === null)).toEqual([]);
    await topic.letters.write(many);
    expect(topic.written.filter((each) => each.value === null)).toHaveLength(1);
  });
});

describe('large dead letters', () => {
  it('do not use up the rate of small ones', async () => {
    const topic = new FakeTopic(10 * 1024 * 1024);
    const large = { ...record, value: Buffer.alloc(1024 * 1024) };
    const flood = Array.from({ length: 50 }, (_, n) => ({ ...letter, record: { ...large, offset: n } }));
    await topic.letters.write([...flood, { ...letter, record: { ...record, offset: 50 } }]);
    await topic.letters.write([{ ...letter, record: { ...record, offset: 51 } }]);
    const whole = topic.written.filter(({ value }) => value !== null).map(({ headers }) => headers['x-dlq-offset']);
    expect(whole).toHaveLength(33);
    expect(whole.slice(-2)).toEqual(['50', '51']);
  });
});

describe('dead letters beyond the rate', () => {
  it('are replaced by one stub with the first and last offset, even if only their headers make them large', async () => {
    const topic = new FakeTopic(10 * 1024 * 1024);
    const fat = { ...record, value: Buffer.alloc(64 * 1024), headers: { fat: Buffer.alloc(64 * 1024) } };
    const flood = Array.from({ length: 400 }, (_, n) => ({ ...letter, record: { ...fat, offset: n } }));
    await topic.letters.write(flood);
    const whole = topic.written.filter(({ value }) => value !== null);
    const stubs = topic.written.filter(({ value }) => value === null);
    expect(stubs.map(({ headers }) => [headers['x-dlq-offset'], headers['x-dlq-last-offset']])).toEqual([
      [String(whole.length), '399'],
    ]);
  });
});

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
  it('are logged with key and reason, up to a limit', async () => {
    const topic = new FakeTopic();
    const many = Array.from(
      { length: 2500 },
      (_, i): DeadLetter => ({ ...letter, record: { ...record, offset: 100 + i } }),
    );
    const named = { ...letter, record: { ...record, key: Buffer.from('acme/disk full\n') } };
    await topic.letters.write([named, ...many]);
    expect(topic.written).toHaveLength(2501);
    expect(topic.lines.length).toBeLessThan(50);
    expect(topic.lines[0]).toEqual({
      ...{
        message: 'A dead letter was written',
        group: 'page-routing',
        topic: 'paging.alerts.v1',
        partition: 7,
        offset: 42,
      },
      ...{ key: 'acme/disk full\\u000a', reason: 'not-json', detail: 'the value is not JSON' },
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
    const batch = new UndecodableBatch(20, 0, firstOffset, raw, 'zstd', 'it takes more than 64 MiB');
    return letterOfBatch('paging.alerts.v1', 7, batch);
  };

  it('contain a batch that cannot be decoded unchanged, with codec and offsets', () => {
    expect(deadLetterOf(batchOf(50), by, 12)).toMatchObject({
      ...{ topic: 'paging.alerts.v1.dead', partition: 7, key: null, value: Buffer.alloc(50, 'x') },
      headers: {
        ...{ 'x-dlq-reason': 'undecodable-batch', 'x-dlq-codec': 'zstd', 'x-dlq-offset': '12' },
        ...{ 'x-dlq-first-offset': '12', 'x-dlq-last-offset': '20' },
        'x-dlq-detail': expect.stringContaining('it takes more than 64 MiB'),
      },
    });
  });

  it('are stubs of such batches beyond the rate, so that they do not fill disks', async () => {
    const topic = new FakeTopic(10 * mib);
    topic.failsWith = new KafkaError('KAFKA.DELIVERY_TIMEOUT', true, 'away');
    const large = 8 * mib - 2048;
    // Letters that were not written do not count.
    await expect(topic.letters.write([batchOf(large), batchOf(large)])).rejects.toThrow('away');
    topic.failsWith = undefined;
    for (let offset = 0; offset < 6; offset += 1) await topic.letters.write([batchOf(large, offset)]);
    expect(topic.written.map(({ value }) => value?.length)).toEqual([large, large, large, large, undefined, undefined]);
    expect(topic.written[5]?.headers).toMatchObject({
      ...{ 'x-dlq-stub': 'true', 'x-dlq-bytes': String(large), 'x-dlq-codec': 'zstd' },
      ...{ 'x-dlq-offset': '5', 'x-dlq-first-offset': '5', 'x-dlq-last-offset': '20' },
    });
    // A small letter is still written whole.
    await topic.letters.write([letter]);
    expect(topic.written.at(-1)?.value).toEqual(record.value);
  });
});

describe('dead letters beyond a rate', () => {
  const lettersOf = (count: number, its: Partial<ConsumedRecord> = {}, reason = 'not-json') =>
    Array.from(
      { length: count },
      (_, i): DeadLetter => ({ ...letter, reason, record: { ...record, ...its, offset: i } }),
    );
  const whole = ({ headers }: OutgoingRecord) => headers['x-dlq-stub'] === undefined;

  it('of a batch of 253,000 empty records become one stub with the first and the last offset', async () => {
    const topic = new FakeTopic();
    await topic.letters.write(lettersOf(253_000, { key: null, value: null, headers: {} }));
    const kept = topic.written.filter(whole).length;
    expect(kept).toBeGreaterThan(10_000);
    expect(kept).toBeLessThan(40_000);
    expect(topic.written).toHaveLength(kept + 1);
    expect(topic.written.at(-1)).toMatchObject({
      ...{ topic: 'paging.alerts.v1.dead', partition: 7, key: null, value: null },
      headers: {
        ...{ 'x-dlq-reason': 'not-json', 'x-dlq-stub': 'true', 'x-dlq-letters': String(253_000 - kept) },
        ...{ 'x-dlq-offset': String(kept), 'x-dlq-first-offset': String(kept), 'x-dlq-last-offset': '252999' },
      },
    });
    expect(topic.written.at(-1)?.headers).not.toHaveProperty('x-dlq-bytes');
  });

  it('are counted in bytes, including headers', async () => {
    const topic = new FakeTopic(2 * mib);
    await topic.letters.write(lettersOf(64, { value: Buffer.alloc(mib / 2), headers: { a: Buffer.alloc(mib / 2) } }));
    expect(topic.written.filter(whole)).toHaveLength(31);
    expect(topic.written.at(-1)?.headers).toMatchObject({ 'x-dlq-first-offset': '31', 'x-dlq-last-offset': '63' });
  });

  it('include whole a first record that is larger than the rate', async () => {
    const topic = new FakeTopic(50 * mib);
    const [large, ...others] = lettersOf(3, { value: Buffer.alloc(40 * mib) });
    await topic.letters.write([large as DeadLetter]);
    await topic.letters.write(others);
    expect(topic.written.map(({ value }) => value?.length)).toEqual([40 * mib, undefined]);
  });

  it('become one stub for each reason, even if reasons alternate', async () => {
    const topic = new FakeTopic(40 * mib);
    await topic.letters.write(lettersOf(1, { value: Buffer.alloc(32 * mib - 150_000), headers: {} }));
    const large = { value: Buffer.alloc(100_000), headers: {} };
    const [some, others] = [lettersOf(10, large), lettersOf(10, large, 'null-value')].map((all, odd) =>
      all.map((each, i) => ({ ...each, record: { ...each.record, offset: 2 * i + odd } })),
    );
    await topic.letters.write([...(others ?? []), ...(some ?? [])]);
    const stubs = topic.written.filter((each) => !whole(each)).map(({ headers }) => headers);
    expect(stubs).toMatchObject([
      { 'x-dlq-reason': 'null-value', 'x-dlq-first-offset': '1', 'x-dlq-last-offset': '19', 'x-dlq-letters': '10' },
      { 'x-dlq-reason': 'not-json', 'x-dlq-first-offset': '2', 'x-dlq-last-offset': '18', 'x-dlq-letters': '9' },
    ]);
  });

  it('do not count if the write failed', async () => {
    const topic = new FakeTopic(2 * mib);
    const large = lettersOf(20, { value: Buffer.alloc(mib) });
    topic.failsWith = new KafkaError('KAFKA.DELIVERY_TIMEOUT', true, 'away');
    for (let i = 0; i < 3; i += 1) await expect(topic.letters.write(large)).rejects.toThrow('away');
    topic.failsWith = undefined;
    await topic.letters.write(large);
    expect(topic.written.filter(whole)).toHaveLength(20);
  });
});

describe('a dead letter with very many headers', () => {
  it.each([
    ['of different names', Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`h${i}`, Buffer.from('x')]))],
    ['of one name', { h: Array.from({ length: 200_000 }, () => Buffer.alloc(0)) }],
  ])('%s is replaced by a stub, and the next letter is whole', async (_what, headers) => {
    const topic = new FakeTopic(10 * mib);
    await topic.letters.write([
      { ...letter, record: { ...record, headers } },
      { ...letter, record: { ...record, offset: 43 } },
    ]);
    expect(topic.written).toMatchObject([
      { value: record.value, headers: { 'x-dlq-offset': '43' } },
      { value: null, headers: { 'x-dlq-offset': '42', 'x-dlq-stub': 'true' } },
    ]);
    expect(Object.keys(topic.written[1]?.headers ?? {}).every((name) => name.startsWith('x-dlq-'))).toBe(true);
  });
});
