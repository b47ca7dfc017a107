import { connectWithin } from '../driver/client.ts';
import { KafkajsDriver } from '../driver/kafkajs-driver.ts';
import type { TopicRight } from '../driver/protocol/topic-rights.ts';
import { deniedText } from '../driver/security/denied-operations.ts';
import { mismatches } from '../driver/topics.ts';
import { SecurityError, WrongPartitionCountError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { Cluster } from './cluster.ts';
import { Waits } from './waits.ts';

/** Returns the partition counts of these topics. Throws MissingTopicsError, or SecurityError if a broker hides one. */
export const requiredCounts = (
  settings: KafkaSettings,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> =>
  withCluster(settings, async (cluster) => {
    await cluster.require(topics);
    return new Map(topics.map((topic) => [topic, cluster.partitionsOf(topic) ?? 0]));
  });

/** Like `requiredCounts`, but throws WrongPartitionCountError if a topic has another count than `partitions` requires. */
export async function requireTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  partitions: Readonly<Record<string, number>> = {},
): Promise<void> {
  const wrong = mismatches(await requiredCounts(settings, topics), new Map(Object.entries(partitions)));
  if (wrong.length > 0) throw new WrongPartitionCountError(wrong);
}

/** Throws a SecurityError that names every right on these topics that this client lacks. */
export async function requireRights(
  settings: KafkaSettings,
  wanted: Readonly<Record<string, readonly TopicRight[]>>,
): Promise<void> {
  const granted = await withCluster(settings, (cluster) => cluster.rights(Object.keys(wanted)));
  const denied = Object.entries(wanted).flatMap(([topic, rights]) =>
    rights.filter((right) => !granted.get(topic)?.includes(right)).map((right) => deniedText(right, 'topic', topic)),
  );
  if (denied.length > 0) throw new SecurityError(denied.join('; '));
}

const withCluster = <T>(settings: KafkaSettings, ask: (cluster: Cluster) => Promise<T>): Promise<T> =>
  connectWithin(settings, () => {
    const cluster = new Cluster(settings, new KafkajsDriver(settings), new Waits());
    return ask(cluster).finally(() => cluster.close());
  });
