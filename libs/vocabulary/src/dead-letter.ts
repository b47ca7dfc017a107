/** Where records of a topic go that nobody can deal with. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dead`;

const prefix = 'x-dlq-';

/** What stands in the headers of a dead letter beside those of its original. */
export const deadLetterHeaders = {
  reason: `${prefix}reason`,
  detail: `${prefix}detail`,
  topic: `${prefix}topic`,
  partition: `${prefix}partition`,
  offset: `${prefix}offset`,
  timestamp: `${prefix}timestamp`,
  group: `${prefix}group`,
  service: `${prefix}service`,
  failedAt: `${prefix}failed-at`,
  attempts: `${prefix}attempts`,
  /** `true` for a command that was written again from the ledger. */
  rewritten: `${prefix}rewritten`,
  /** `true` for a dead letter without its original. */
  stub: `${prefix}stub`,
  /** Of the original of a stub. */
  bytes: `${prefix}bytes`,
  /** Why Kafka refused the dead letter that the stub stands for. */
  stubDetail: `${prefix}stub-detail`,
  /** How many dead letters a stub stands for. */
  letters: `${prefix}letters`,
  firstOffset: `${prefix}first-offset`,
  lastOffset: `${prefix}last-offset`,
  /** Of a record batch that cannot be decoded. */
  codec: `${prefix}codec`,
} as const;

export const isDeadLetterHeader = (name: string): boolean => name.startsWith(prefix);
