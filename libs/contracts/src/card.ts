import type { TSchema } from 'typebox';

/** The services that read and write topics. */
export const services = ['connection-management', 'handle-sync', 'page-routing', 'page-delivery'] as const;

/** The services and the outside; a card that names anything else does not compile. */
export type Party = (typeof services)[number] | 'alert producers' | 'subscribers';

/**
 * What a topic is: the one place where its name, key, partitions, retention and meaning are said.
 *
 * `retentionMs` counts for `delete` topics only; `maxMessageBytes` bounds one produced batch, compressed; `timestampType`
 * says whose time a record carries, by default its producer's.
 * `deadLetter` says that a reader parks what it cannot read in `<topic>.dead`. A table (`compact`) has none: what cannot
 * be read there leaves the key as it was known, since the next record of the key will replace it.
 * `readUnbounded`: its one writer keeps to the bounds of its texts and lists, and reads them without, since what it wrote
 * under wider ones stands nowhere else.
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
  readonly maxMessageBytes?: number;
  readonly timestampType?: 'LogAppendTime';
  readonly deadLetter: boolean;
  readonly readUnbounded?: boolean;
  readonly meaning: string;
  readonly value: Value;
}

const day = 24 * 60 * 60 * 1000;

/** Fills in what most topics share: 12 partitions (part of the contract); for facts a week of retention and dead letters. */
export const defineTopic = <Value extends TSchema>(
  card: Omit<TopicCard<Value>, 'partitions' | 'deadLetter'> & { readonly deadLetter?: boolean },
): TopicCard<Value> => ({
  partitions: 12,
  deadLetter: card.cleanup === 'delete',
  ...(card.cleanup === 'delete' ? { retentionMs: 7 * day } : {}),
  ...card,
});
