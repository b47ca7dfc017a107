/** Returns the topic for records of a topic that no consumer can process. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dead`;

const prefix = 'x-dlq-';

/** The headers of a dead letter in addition to those of its original. */
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
  /** `true` for the command of a backup, written from that of the page that it backs. */
  rewritten: `${prefix}rewritten`,
  /** `true` for a dead letter without its original. */
  stub: `${prefix}stub`,
  /** The size of the original of a stub, in bytes. */
  bytes: `${prefix}bytes`,
  /** Why Kafka refused the dead letter that the stub replaces. */
  stubDetail: `${prefix}stub-detail`,
  /** The number of records of a record batch that are parked, if it was parked as a whole because there are many. */
  letters: `${prefix}letters`,
  firstOffset: `${prefix}first-offset`,
  lastOffset: `${prefix}last-offset`,
  /** The compression codec of a record batch that is parked as a whole. */
  codec: `${prefix}codec`,
} as const;

export const isDeadLetterHeader = (name: string): boolean => name.startsWith(prefix);
