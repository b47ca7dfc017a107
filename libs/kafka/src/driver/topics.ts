import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import {
  type KafkaError,
  MissingTopicsError,
  type PartitionMismatch,
  SecurityError,
  TooFewBrokersError,
  WrongPartitionCountError,
} from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { rootCause, withAdmin } from './client.ts';
import { deniedText } from './security/denied-operations.ts';

export interface TopicDefinition {
  readonly topic: string;
  readonly partitions: number;
  /** Default: 3, or as many as there are brokers. */
  readonly replicationFactor?: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicReport {
  readonly created: readonly string[];
  readonly existing: readonly string[];
  /** Existing topics with another partition count: keys would lose their order. */
  readonly mismatched: readonly PartitionMismatch[];
}

const servedWithinMs = 20_000;

/** How many partitions each topic has that this client may see. */
export const topicsSeen = (settings: KafkaSettings): Promise<ReadonlyMap<string, number>> =>
  withAdmin(settings, partitionCounts);

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** Creates missing topics, and reports existing ones unchanged. Resolves when all have leaders. */
export function createTopics(settings: KafkaSettings, definitions: readonly TopicDefinition[]): Promise<TopicReport> {
  return withAdmin(settings, async (admin) => {
    const before = await partitionCounts(admin);
    const missing = definitions.filter(({ topic }) => !before.has(topic));
    const { brokers } = await admin.describeCluster();
    const copies = Math.max(0, ...missing.map(({ replicationFactor = 0 }) => replicationFactor));
    if (copies > brokers.length) throw new TooFewBrokersError(copies, brokers.length);
    await create(admin, missing, Math.min(3, brokers.length));
    await untilServed(admin, missing);
    const wanted = new Map(definitions.map(({ topic, partitions }) => [topic, partitions]));
    return {
      created: missing.map(({ topic }) => topic),
      existing: definitions.filter(({ topic }) => before.has(topic)).map(({ topic }) => topic),
      mismatched: mismatches(before, wanted),
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

// After the controller has created them it takes a moment until each partition has a leader.
async function untilServed(admin: Admin, missing: readonly TopicDefinition[]): Promise<void> {
  const deadline = Date.now() + servedWithinMs;
  for (const { topic } of missing) {
    for (let served = false; !served; ) {
      try {
        await admin.fetchTopicOffsets(topic);
        served = true;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  }
}

/**
 * Resolves if every topic exists; throws MissingTopicsError naming each one that does not.
 *
 * `partitions` is what they must have: WrongPartitionCountError names both counts.
 */
export async function requireTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  partitions: Readonly<Record<string, number>> = {},
): Promise<void> {
  const wrong = mismatches(await requiredCounts(settings, topics), new Map(Object.entries(partitions)));
  if (wrong.length > 0) throw new WrongPartitionCountError(wrong);
}

/** Throws MissingTopicsError, or SecurityError where a broker hides a topic from this client. */
export const requiredCounts = (
  settings: KafkaSettings,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> =>
  withAdmin(settings, async (admin) => {
    const present = await partitionCounts(admin);
    const missing = topics.filter((topic) => !present.has(topic));
    if (missing.length > 0) throw await reasonOf(admin, missing);
    return present;
  });

async function reasonOf(admin: Admin, missing: string[]): Promise<KafkaError> {
  try {
    await admin.fetchTopicMetadata({ topics: missing });
  } catch (error) {
    const cause = rootCause(error);
    if (cause instanceof SecurityError) return cause;
  }
  return new MissingTopicsError(missing);
}

const mismatches = (present: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): PartitionMismatch[] =>
  [...wanted].flatMap(([topic, expected]) => {
    const actual = present.get(topic);
    return actual === undefined || actual === expected ? [] : [{ topic, expected, actual }];
  });
