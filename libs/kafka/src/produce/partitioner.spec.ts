import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionFor } from './partitioner.ts';

const require = createRequire(import.meta.url);
const kafkajsMurmur2 = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number;

describe('partitionFor', () => {
  // From UtilsTest.testMurmur2 of Apache Kafka.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('gives %s the partition that the Java client gives it', (key, hash) => {
    for (const partitions of [1, 7, 12]) expect(partitionFor(key, partitions)).toBe((hash & 0x7fffffff) % partitions);
  });

  it('agrees with kafkajs for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 64 }), (bytes, partitions) => {
        const key = Buffer.from(bytes);
        expect(partitionFor(key, partitions)).toBe((kafkajsMurmur2(key) & 0x7fffffff) % partitions);
      }),
    );
  });

  it('hashes text as UTF-8', () => {
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 300 }));
    fc.assert(
      fc.property(text, (key) => {
        expect(partitionFor(key, 64)).toBe(partitionFor(Buffer.from(key), 64));
      }),
    );
  });
});
