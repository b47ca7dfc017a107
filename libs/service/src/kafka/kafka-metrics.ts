import { type KafkaObserver, type Observed, offsetResetKinds, retryOrigins, type TopicState } from '@pagebridge/kafka';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { showGauges } from '../metrics.ts';

/** Registers the Kafka metrics of a service and returns the observer that updates them. */
export function kafkaMetrics(registry: Registry): KafkaObserver {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `pagebridge_kafka_${name}`, help, labelNames, registers });
  const consumed = counter('records_consumed_total', 'Records processed and committed.', ['topic']);
  const parked = counter('records_parked_total', 'Records written to the dead letters.', ['topic', 'reason']);
  const retried = counter('batches_retried_total', 'Batches that failed and will be processed again.', [
    'topic',
    'origin',
  ]);
  const published = counter('records_published_total', 'Records that all in-sync replicas acknowledged.', ['topic']);
  const publishedBytes = counter('bytes_published_total', 'Bytes of record values that Kafka acknowledged.', ['topic']);
  const failed = counter('publish_failures_total', 'Writes to Kafka that failed. Their callers retry.', ['topic']);
  const reset = counter(
    'offset_resets_total',
    'Times that a consumer could not resume at its committed offset. It skipped records (`unread`) or reads them again.',
    ['topic', 'kind'],
  );
  const lag = new Gauge({
    name: 'pagebridge_kafka_lag_records',
    help: 'Unprocessed records of an owned partition at the last fetch.',
    labelNames: ['topic', 'partition'],
    registers,
  });
  const oldest = new Map<string, { topic: string; partition: number; at: number | undefined }>();
  new Gauge({
    name: 'pagebridge_kafka_lag_seconds',
    help: 'Age of the oldest unprocessed record of an owned partition. 0 if none.',
    labelNames: ['topic', 'partition'],
    registers,
    collect() {
      this.reset();
      for (const { topic, partition, at } of oldest.values()) {
        this.set({ topic, partition }, at === undefined ? 0 : Math.max(0, Date.now() - at) / 1000);
      }
    },
  });
  const rebalances = counter('rebalances_total', 'Times that this instance joined the consumer group.', ['group']);
  const observed = new Set<Observed>();
  /** Shows one value for each topic of which a part knows something: several parts may read a topic. */
  const show = (
    name: string,
    help: string,
    of: (state: TopicState) => number | readonly number[] | undefined,
    combined: (values: readonly number[]) => number,
  ) =>
    showGauges(registry, `pagebridge_${name}`, help, 'topic', () => {
      const states = [...observed].flatMap((part) => part.topicStates()).filter((state) => of(state) !== undefined);
      const byTopic = [...Map.groupBy(states, ({ topic }) => topic)];
      return Object.fromEntries(
        byTopic.map(([topic, all]) => [topic, combined(all.flatMap((state) => of(state) ?? []))]),
      );
    });
  const unread =
    'Partitions that Kafka does not serve to a consumer, table or reader of this instance: no leader, an unreadable log, or no answer.';
  show(
    'kafka_unread_partitions',
    unread,
    (state) => state.unread,
    (partitions) => new Set(partitions).size,
  );
  const owned = 'Partitions that this member of a consumer group owns. 0 outside of the group.';
  show(
    'kafka_owned_partitions',
    owned,
    (state) => state.owned,
    (counts) => counts.reduce((sum, count) => sum + count, 0),
  );
  const all = 'Partitions of a topic that a consumer group reads, as of the start of the consumer.';
  show(
    'kafka_topic_partitions',
    all,
    ({ partitions }) => partitions,
    (counts) => Math.max(...counts),
  );
  const duration = new Histogram({
    name: 'pagebridge_kafka_batch_seconds',
    help: 'Seconds from the receipt of a batch to its commit.',
    labelNames: ['topic'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const readAt =
    'Unix time at which the partition of a table that is furthest behind was last read to its end. The start of the process if it never was.';
  show(
    'table_read_timestamp_seconds',
    readAt,
    (state) => state.readAt,
    (times) => Math.min(...times) / 1000,
  );
  const unreadableKeys =
    'Keys of a table whose latest record this service cannot read. From 10000 on, the number falls only with a restart.';
  show(
    'table_unreadable_keys',
    unreadableKeys,
    (state) => state.unreadableKeys,
    (counts) => Math.max(...counts),
  );
  return {
    opened: (part) => {
      observed.add(part);
      if (part.group === undefined) return;
      rebalances.inc({ group: part.group }, 0);
      for (const { topic } of part.topicStates()) {
        consumed.inc({ topic }, 0);
        for (const origin of retryOrigins) retried.inc({ topic, origin }, 0);
        for (const kind of offsetResetKinds) reset.inc({ topic, kind }, 0);
      }
    },
    closed: (part) => void observed.delete(part),
    joined: ({ group }) => rebalances.inc({ group }),
    consumed: ({ topic, records, durationMs }) => {
      consumed.inc({ topic }, records);
      duration.observe({ topic }, durationMs / 1000);
    },
    lag: ({ topic, partition, records, oldestAt: at }) => {
      const key = `${topic}/${partition}`;
      if (records === undefined) {
        oldest.delete(key);
        return lag.remove({ topic, partition });
      }
      oldest.set(key, { topic, partition, at });
      lag.set({ topic, partition }, records);
    },
    parked: ({ topic, reason, records }) => parked.inc({ topic, reason }, records),
    retried: ({ topic, origin }) => retried.inc({ topic, origin }),
    published: ({ topic, records, bytes }) => {
      published.inc({ topic }, records);
      publishedBytes.inc({ topic }, bytes);
    },
    publishFailed: ({ topic }) => failed.inc({ topic }),
    offsetReset: ({ topic, kind }) => reset.inc({ topic, kind }),
  };
}
