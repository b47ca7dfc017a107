import { describe, expect, it } from '@jest/globals';
import { plaintext } from '@pagebridge/kafka';
import { anAlertRecord } from '@pagebridge/testing';
import { KafkaBus } from './kafka-bus.ts';
import { aZstdBatch } from './zstd-batch.fixtures.ts';

const quiet = () => undefined;
const mib = 1024 * 1024;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const bus = new KafkaBus({
  brokers: ['127.0.0.1:1'],
  clientId: 'spec',
  security: plaintext,
  log,
  maxDecompressedBytes: 64 * mib,
});

describe('a parked batch', () => {
  const message = 'x'.repeat(100_000);
  const alerts = Array.from({ length: 15 }, (_, i) => anAlertRecord({ alertKey: `monitor-${i}`, message }));
  const batch = aZstdBatch(1000, alerts);

  it('opens to its records, with their offsets in the log', async () => {
    const { records, unread } = await bus.openBatch(batch, 64 * mib);
    expect(unread).toBeUndefined();
    expect(records.map(({ offset }) => offset)).toEqual(alerts.map((_, i) => 1000 + i));
    expect(records.map(({ key, value }) => [String(key), String(value)])).toEqual(
      alerts.map((it) => [it.key, it.value]),
    );
  });

  it('opens within the given size only, and no further than its first broken record', async () => {
    const unread = { firstOffset: 1000, lastOffset: 1014, detail: 'it is larger than 1 MiB' };
    expect(await bus.openBatch(batch, mib)).toEqual({ records: [], unread });
    expect((await bus.openBatch(batch.subarray(0, 100), mib)).unread).toBeDefined();
    expect((await bus.openBatch(Buffer.from('no batch at all, but long enough for one'), mib)).records).toEqual([]);
  });
});
