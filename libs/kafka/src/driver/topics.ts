import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { SecurityError, TooFewBrokersError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { rootCause, withAdmin } from './client.ts';
import { deniedText } from './security/denied-operations.ts';

export interface TopicDefinition {
  readonly topic: string;
  readonly partitions: number;
  /** Default: 3, or the number of brokers if there are fewer. */
  readonly replicationFactor?: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicReport {
  readonly created: readonly string[];
  readonly existing: readonly string[];
}

const leadersWithinMs = 20_000;

/** Returns the partition count of each topic that this client may see. */
export const topicsSeen = (settings: KafkaSettings): Promise<ReadonlyMap<string, number>> =>
  withAdmin(settings, partitionCounts);

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** Creates missing topics, without changing existing ones. Resolves when all new partitions have leaders. */
export function createTopics(settings: KafkaSettings, definitions: readonly TopicDefinition[]): Promise<TopicReport> {
  return withAdmin(settings, async (admin) => {
    const before = await partitionCounts(admin);
    const missing = definitions.filter(({ topic }) => !before.has(topic));
    const { brokers } = await admin.describeCluster();
    const copies = Math.max(0, ...missing.map(({ replicationFactor = 0 }) => replicationFactor));
    if (copies > brokers.length) throw new TooFewBrokersError(copies, brokers.length);
    await create(admin, missing, Math.min(3, brokers.length));
    await waitForLeaders(admin, missing);
    return {
      created: missing.map(({ topic }) => topic),
      existing: definitions.filter(({ topic }) => before.has(topic)).map(({ topic }) => topic),
    };
  });
}

async function create(admin: Admin, missing: readonly TopicDefinition[], defaultReplication: number): Promise<void> {
  const topics = missing.map(({ topic, partitions, replicationFactor = defaultReplication, config }) => ({
    topic,
    numPartitions: partitions,
    replicationFactor,
    configEntries: Object.entries({
      // An acknowledged record must survive the loss of one broker.
      'min.insync.replicas': replicationFactor >= 3 ? '2' : '1',
      ...config,
    }).map(([name, value]) => ({ name, value })),
  }));
  if (topics.length === 0) return;
  try {
    await admin.createTopics({ topics, waitForLeaders: false });
  } catch (error) {
    const { errors = [] } = rootCause(error) as { errors?: readonly { type?: string; topic?: string }[] };
    const denied = errors.filter(({ type }) => type?.endsWith('AUTHORIZATION_FAILED')).map(({ topic }) => topic);
    if (denied.length > 0) throw new SecurityError(deniedText('Create', 'topic', denied.join(', ')));
    throw error;
  }
}

// The controller creates a topic shortly before its partitions have leaders.
async function waitForLeaders(admin: Admin, missing: readonly TopicDefinition[]): Promise<void> {
  const deadline = Date.now() + leadersWithinMs;
  for (const { topic } of missing) {
    for (let hasLeaders = false; !hasLeaders; ) {
      try {
        await admin.fetchTopicOffsets(topic);
        hasLeaders = true;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  }
}
