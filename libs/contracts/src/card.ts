import type { TSchema } from 'typebox';

/** The services that read and write topics. */
export const services = ['connection-management', 'handle-sync', 'page-routing', 'page-delivery'] as const;

/** The services, the commands that replay and reseal, and the outside; a card that names anything else does not compile. */
export type Party = (typeof services)[number] | 'dead-letters' | 'reseal' | 'alert producers' | 'subscribers';

/**
 * The definition of a topic: its name, key, partitions, retention and meaning stand here and nowhere else.
 *
 * - `retentionMs`: for `delete` topics only; `compactionLagMs` for `compact`: what was replaced is gone after it, if its
 *   writer sees to it that segments roll.
 * - `maxMessageBytes`: the most bytes of one produced batch, compressed.
 * - `timestampType`: whose time a record carries; by default its producer's.
 * - `deadLetter`: a consumer parks unreadable records in `<topic>.dead`. A table (`compact`) has none: an unreadable record
 *   leaves its key as it was, and the next record of the key replaces it.
 * - `readUnbounded`: its one writer keeps the bounds of texts and lists, and reads them without: what it wrote under wider
 *   bounds stands nowhere else.
 */
export interface TopicCard<Value extends TSchema = TSchema> {
  readonly topic: string;
  readonly eventType: string;
  readonly key: string;
  readonly order: string;
  readonly producers: readonly Party[];
  readonly consumers: readonly Party[];
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs?: number;
  readonly compactionLagMs?: number;
  readonly maxMessageBytes?: number;
  readonly timestampType?: 'LogAppendTime';
  readonly deadLetter: boolean;
  readonly readUnbounded?: boolean;
  readonly meaning: string;
  readonly value: Value;
}

const day = 24 * 60 * 60 * 1000;

/** Fills in the defaults: 12 partitions (part of the contract); for `delete` topics a week of retention and dead letters. */
export const defineTopic = <Value extends TSchema>(
  card: Omit<TopicCard<Value>, 'partitions' | 'deadLetter'> & { readonly deadLetter?: boolean },
): TopicCard<Value> => ({
  partitions: 12,
  deadLetter: card.cleanup === 'delete',
  ...(card.cleanup === 'delete' ? { retentionMs: 7 * day } : {}),
  ...card,
});
