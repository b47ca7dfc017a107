import type { TSchema } from 'typebox';

/** The services that produce and consume records. */
export const services = [
  'connection-management',
  'handle-sync',
  'page-routing',
  'page-delivery',
  'alert-intake',
  'page-history',
] as const;

/** A producer or consumer: a service, the commands that replay and reseal, or an external party. */
export type Client = (typeof services)[number] | 'dead-letters' | 'reseal' | 'alert producers' | 'subscribers';

/**
 * The only definition of a topic: its name, key, partitions, retention and meaning.
 *
 * - `retentionMs`: for `delete` topics only. `compactionLagMs`: for `compact` topics only; a replaced value is removed after
 *   this time, provided that the producer makes the segments roll.
 * - `maxMessageBytes`: the maximum size of one produced batch, compressed.
 * - `timestampType`: whether the broker sets the timestamp of a record; by default the producer does.
 * - `deadLetter`: a consumer parks unreadable records in `<topic>.dead`. A table (`compact`) has none: an unreadable record
 *   leaves its key as it was, and the next record of the key replaces it.
 * - `readUnbounded`: the only producer also reads the topic, without the bounds of texts and lists, since records that it wrote
 *   under wider bounds exist nowhere else.
 */
export interface TopicCard<Value extends TSchema = TSchema> {
  readonly topic: string;
  readonly eventType: string;
  readonly key: string;
  readonly order: string;
  readonly producers: readonly Client[];
  readonly consumers: readonly Client[];
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs?: number;
  /** Of a partition. */
  readonly retentionBytes?: number;
  readonly compactionLagMs?: number;
  readonly maxMessageBytes?: number;
  readonly timestampType?: 'LogAppendTime';
  readonly deadLetter: boolean;
  readonly readUnbounded?: boolean;
  readonly meaning: string;
  readonly value: Value;
}

/** A flood of what a person must look at fills no disk: beyond this much in a partition, the oldest is deleted earlier. */
export const letterBytes = 4 * 1024 * 1024 * 1024;

const day = 24 * 60 * 60 * 1000;

/** Adds the defaults: 12 partitions (part of the contract); for `delete` topics a retention of a week, and dead letters. */
export const defineTopic = <Value extends TSchema>(
  card: Omit<TopicCard<Value>, 'partitions' | 'deadLetter'> & { readonly deadLetter?: boolean },
): TopicCard<Value> => ({
  partitions: 12,
  deadLetter: card.cleanup === 'delete',
  ...(card.cleanup === 'delete' ? { retentionMs: 7 * day } : {}),
  ...card,
});

/** Returns the service that consumes a topic in its group and parks unreadable records; undefined for a topic without dead letters. */
export const handlerOf = ({ deadLetter, consumers }: TopicCard): Client | undefined =>
  deadLetter ? consumers[0] : undefined;
