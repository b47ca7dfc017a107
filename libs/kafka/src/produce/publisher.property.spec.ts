import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { FakeCluster, type Fate } from '../../test-fixtures/fake-cluster.ts';
import { KafkaError, RecordsRefusedError } from '../errors.ts';
import { plaintext } from '../settings.ts';
import { Publisher } from './publisher.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings = { brokers: ['broker-1:9092', 'broker-2:9092'], clientId: 'spec', security: plaintext, log };

const partitions = 3;
const mishaps: readonly Fate[] = [
  'slow replicas',
  'answer lost',
  'request lost',
  'late',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_FOR_PARTITION',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_PRODUCER_ID',
];
const fates = fc.infiniteStream(
  fc.oneof({ weight: 3, arbitrary: fc.constant<Fate>('written') }, fc.constantFrom<Fate>(...mishaps)),
);
const record = fc.record({
  partition: fc.nat({ max: partitions - 1 }),
  isBad: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
});
/** A publish, an event of the cluster before it, and the time until the next step. */
const step = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 30 }),
  event: fc.constantFrom('nothing', 'nothing', 'leaders move', 'a broker freezes', 'all thaw', 'it is aborted soon'),
  thenMs: fc.constantFrom(0, 0, 1, 30, 500, 4000),
});

describe('a publisher, with brokers that fail at random', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('acknowledges only records in the log, in order, refuses only bad ones, and writes twice only as another producer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fates, async (steps, stream) => {
        const cluster = new FakeCluster(2, { t: [1, 2, 1] });
        let isOver = false;
        cluster.fate = ({ records }) => {
          const fate = isOver ? 'written' : (stream.next().value as Fate);
          const isTaken = fate === 'written' || fate === 'answer lost' || fate === 'slow replicas' || fate === 'late';
          // A broker validates the records before it writes them.
          return isTaken && records.some(({ value }) => String(value).startsWith('bad')) ? 'INVALID_RECORD' : fate;
        };
        const publisher = new Publisher(settings, { deliveryTimeoutMs: Number.POSITIVE_INFINITY }, cluster);
        const published: { values: string[][]; bad: string[]; isAborted: boolean; outcome?: unknown }[] = [];
        const settling: Promise<void>[] = [];
        for (const [n, { records, event, thenMs }] of steps.entries()) {
          if (event === 'leaders move')
            cluster.topics.set(
              't',
              (cluster.topics.get('t') ?? []).map((id) => 3 - id),
            );
          if (event === 'a broker freezes') cluster.frozen.add(1 + (n % 2));
          if (event === 'all thaw') cluster.frozen.clear();
          const named = records.map(({ partition, isBad }, m) => ({
            partition,
            value: `${isBad ? 'bad' : 'good'} ${n}.${m}`,
          }));
          const isAborted = event === 'it is aborted soon';
          const entry: (typeof published)[number] = {
            values: Array.from({ length: partitions }, (_, p) =>
              named
                .filter(({ partition, value }) => partition === p && value.startsWith('good'))
                .map(({ value }) => value),
            ),
            bad: named.map(({ value }) => value).filter((value) => value.startsWith('bad')),
            isAborted,
          };
          published.push(entry);
          const outgoing = named.map((its) => ({ topic: 't', key: 'k', headers: {}, ...its }));
          const given = isAborted ? { signal: AbortSignal.timeout(20) } : {};
          if (isAborted) {
            const controller = new AbortController();
            setTimeout(() => controller.abort(), 20);
            given.signal = controller.signal;
          }
          settling.push(
            publisher.publish(outgoing, given).then(
              () => {
                entry.outcome = 'written';
              },
              (error) => {
                entry.outcome = error;
              },
            ),
          );
          await jest.advanceTimersByTimeAsync(thenMs);
        }
        isOver = true;
        cluster.frozen.clear();
        await jest.advanceTimersByTimeAsync(60_000);
        await Promise.all(settling);

        for (const { bad, outcome, isAborted } of published) {
          if (isAborted && outcome instanceof KafkaError && outcome.code === 'KAFKA.ABORTED') continue;
          if (bad.length === 0) expect(outcome).toBe('written');
          else {
            expect(outcome).toBeInstanceOf(RecordsRefusedError);
            const refused = (outcome as RecordsRefusedError).refused.map(({ record: { value } }) => String(value));
            expect(refused.toSorted()).toEqual(bad.toSorted());
          }
        }
        const isKnown = ({ outcome }: { outcome?: unknown }) =>
          outcome === 'written' || outcome instanceof RecordsRefusedError;
        for (let partition = 0; partition < partitions; partition++) {
          const { values, producers } = cluster.log('t', partition);
          const acknowledged = published.filter(isKnown).flatMap((each) => each.values[partition] ?? []);
          const inLog = [...new Set(values)].filter((value) => acknowledged.includes(value));
          expect(inLog).toEqual(acknowledged);
          const written = values.map((value, n) => `${value} of ${producers[n]}`);
          expect(new Set(written).size).toBe(written.length);
        }
        expect(publisher.health().ready).toBe(true);
        await publisher.close();
        expect(cluster.connections.size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
