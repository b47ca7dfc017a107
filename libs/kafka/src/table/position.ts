import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import type { SecurityError } from '../errors.ts';

/** The progress in one partition. Times are those of `performance.now()`. */
export interface Position extends TopicPartition {
  /** The next offset to read. */
  offset: number;
  /** The end offset as last seen: the offset of the next record to be written. */
  end: number;
  /** The last time at which the partition was known to be read to its end; -Infinity if it never was. */
  endSeenAt: number;
  /** Why the partition cannot be read. */
  failure?: Failure | undefined;
}

interface Failure {
  readonly since: number;
  readonly retryAt: number;
  readonly cause: string;
  /** Set if an operator must act. */
  readonly fault: SecurityError | undefined;
}

export const never = Number.NEGATIVE_INFINITY;

/** Returns for how long a partition was not read to its end, and why. */
export function whyUnread({ endSeenAt, offset, end, failure, ...of }: Position): string {
  const since = endSeenAt === never ? 'yet' : `to its end for ${Math.round((performance.now() - endSeenAt) / 1000)} s`;
  const cause = failure?.cause ?? (end > offset ? `${end - offset} records to read` : 'no answer yet');
  return `${partitionName(of)} has not been read ${since}: ${cause}`;
}
