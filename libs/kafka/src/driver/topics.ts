import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { MissingTopicsError, type PartitionMismatch, TooFewBrokersError, WrongPartitionCountError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { withAdmin } from './client.ts';

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

export async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
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
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: false });
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
 * `partitions` is what they must have, for all or by topic: WrongPartitionCountError names both counts.
 */
export async function requireTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  partitions?: number | Readonly<Record<string, number>>,
): Promise<void> {
  const present = await requiredCounts(settings, topics);
  const expected = topics.flatMap((topic): [string, number][] => {
    const count = typeof partitions === 'object' ? partitions[topic] : partitions;
    return count === undefined ? [] : [[topic, count]];
  });
  const wrong = mismatches(present, new Map(expected));
  if (wrong.length > 0) throw new WrongPartitionCountError(wrong);
}

export async function requiredCounts(
  settings: KafkaSettings,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const present = await withAdmin(settings, partitionCounts);
  refuseMissing(topics, present);
  return present;
}

export function refuseMissing(topics: readonly string[], present: ReadonlyMap<string, number>): void {
  const missing = topics.filter((topic) => !present.has(topic));
  if (missing.length > 0) throw new MissingTopicsError(missing);
}

const mismatches = (present: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): PartitionMismatch[] =>
  [...wanted].flatMap(([topic, expected]) => {
    const actual = present.get(topic);
    return actual === undefined || actual === expected ? [] : [{ topic, expected, actual }];
  });
