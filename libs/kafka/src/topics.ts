import type { PartitionMismatch } from './errors.ts';
import type { KafkaSettings } from './settings.ts';

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
  /** Existing ones whose partition count is another: keys would lose their order. */
  readonly mismatched: readonly PartitionMismatch[];
}

export async function createTopics(
  _settings: KafkaSettings,
  _definitions: readonly TopicDefinition[],
): Promise<TopicReport> {
  return { created: [], existing: [], mismatched: [] };
}

export async function requireTopics(
  _settings: KafkaSettings,
  _topics: readonly string[],
  _partitions?: number | Readonly<Record<string, number>>,
): Promise<void> {}
