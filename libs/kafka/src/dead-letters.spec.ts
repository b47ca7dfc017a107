import { describe, expect, it } from '@jest/globals';
import { deadLetterOf, readable } from './dead-letters.ts';
import type { ConsumedRecord } from './record.ts';

const by = { group: 'page-routing', service: 'page-routing', now: new Date('2026-11-24T10:00:00Z') };
const record: ConsumedRecord = {
  topic: 'paging.alerts.v1',
  partition: 7,
  offset: 42,
  timestamp: Date.parse('2026-11-24T09:59:59.123Z'),
  key: Buffer.from([0, 255]),
  value: Buffer.from([1, 2]),
  headers: { odd: Buffer.from([3]) },
};
const letter = { record, reason: 'not-json', detail: 'the value is not JSON', attempts: 1 };

describe('a dead letter', () => {
  it('keeps key, bytes, headers and partition, and says in readable headers what happened', () => {
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

  it('goes by its key when the dead-letter topic has fewer partitions', () => {
    expect(deadLetterOf(letter, by, 3)).not.toHaveProperty('partition');
  });

  it('carries headers without a value, which kafkajs reads and cannot write, as empty ones', () => {
    const headers = { nothing: null, some: [null, Buffer.from('x')] } as unknown as ConsumedRecord['headers'];
    expect(deadLetterOf({ ...letter, record: { ...record, headers } }, by, 12).headers).toMatchObject({
      nothing: Buffer.alloc(0),
      some: [Buffer.alloc(0), Buffer.from('x')],
    });
  });

  it('survives a timestamp that is no time', () => {
    const { headers } = deadLetterOf({ ...letter, record: { ...record, timestamp: -1e20 } }, by, 12);
    expect(headers['x-dlq-timestamp']).toBe('-100000000000000000000');
  });

  it('escapes what a console cannot show and bounds the length', () => {
    expect(readable('grüße\r\n\u{1f4df}')).toBe('gr\\u00fc\\u00dfe\\u000d\\u000a\\ud83d\\udcdf');
    expect(readable('x'.repeat(5000))).toHaveLength(1024);
  });
});
