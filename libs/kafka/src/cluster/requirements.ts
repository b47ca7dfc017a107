import { connectWithin, withAdmin } from '../driver/client.ts';
import { KafkajsDriver } from '../driver/kafkajs-driver.ts';
import type { TopicRight } from '../driver/protocol/topic-rights.ts';
import { deniedText } from '../driver/security/denied-operations.ts';
import { type TopicDefinition, topicsSeen } from '../driver/topics.ts';
import { MissingTopicsError, SecurityError, WrongTopicsError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { Cluster } from './cluster.ts';
import { comparedSettings, partitionFaults, settingFaults, type TopicFault } from './topic-faults.ts';
import { Waits } from './waits.ts';

/**
 * Returns the partition counts of these topics. Throws MissingTopicsError, SecurityError if a broker hides one, or
 * WrongTopicsError if one has another count than `partitions` requires.
 */
export async function requireTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  partitions: Readonly<Record<string, number>> = {},
): Promise<ReadonlyMap<string, number>> {
  const counts = await withCluster(settings, (cluster) => cluster.require(topics));
  const wanted = Object.entries(partitions).map(([topic, count]) => ({ topic, partitions: count }));
  const wrong = partitionFaults(counts, wanted);
  if (wrong.length > 0) throw new WrongTopicsError(wrong);
  return counts;
}

/** Returns the rights of this client on each of these topics; none on one that it may not see, or that does not exist. */
export const rightsOn = (
  settings: KafkaSettings,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly TopicRight[]>> =>
  withCluster(settings, (cluster) => cluster.request((broker) => broker.rights(topics)));

/** Throws a SecurityError that names every right on these topics that this client lacks. */
export async function requireRights(
  settings: KafkaSettings,
  wanted: Readonly<Record<string, readonly TopicRight[]>>,
): Promise<void> {
  const granted = await rightsOn(settings, Object.keys(wanted));
  const denied = Object.entries(wanted).flatMap(([topic, rights]) =>
    rights.filter((right) => !granted.get(topic)?.includes(right)).map((right) => deniedText(right, 'topic', topic)),
  );
  if (denied.length > 0) throw new SecurityError(denied.join('; '));
}

/** Returns the faults of topics that would lose the order of their records. Throws SecurityError if a broker hides a topic. */
export async function growthFaults(
  settings: KafkaSettings,
  definitions: readonly TopicDefinition[],
): Promise<readonly TopicFault[]> {
  const topics = definitions.map(({ topic }) => topic);
  await requireTopics(settings, topics).catch((error) => {
    if (!(error instanceof MissingTopicsError)) throw error;
  });
  const faults = partitionFaults(await topicsSeen(settings), definitions);
  return withAdmin(settings, async (admin) => {
    const offsets = await Promise.all(faults.map(({ topic }) => admin.fetchTopicOffsets(topic)));
    return faults.filter((_, n) => offsets[n]?.some(({ high, low }) => high !== low));
  });
}

/** Compares topics that exist with their definitions. Logs which settings this client may not describe. */
export async function compareTopics(
  settings: KafkaSettings,
  definitions: readonly TopicDefinition[],
): Promise<readonly TopicFault[]> {
  const topics = definitions.map(({ topic }) => topic);
  const { counts, configs } = await withCluster(settings, async (cluster) => {
    await cluster.learn(topics);
    const counts = new Map(topics.map((topic) => [topic, cluster.partitionsOf(topic)]));
    return { counts, configs: await cluster.request((broker) => broker.configs(topics, comparedSettings)) };
  });
  const denied = topics.filter((topic) => !configs.get(topic)).join(', ');
  const right = deniedText('DescribeConfigs', 'topic', denied);
  if (denied)
    settings.log.warn('topic settings not compared', { detail: right, notCompared: comparedSettings.join(', ') });
  const differing = definitions.flatMap((definition) => settingFaults(definition, configs.get(definition.topic)));
  return [...partitionFaults(counts, definitions), ...differing];
}

const withCluster = <T>(settings: KafkaSettings, ask: (cluster: Cluster) => Promise<T>): Promise<T> =>
  connectWithin(settings, () => {
    const cluster = new Cluster(settings, new KafkajsDriver(settings), new Waits());
    return ask(cluster).finally(() => cluster.close());
  });
