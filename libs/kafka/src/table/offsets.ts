import type { Cluster } from '../cluster/cluster.ts';
import type { OffsetTime, PartitionOffset } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { topicFaultOf } from '../driver/security/denied-operations.ts';
import { SecurityError } from '../errors.ts';

export interface OffsetRange extends TopicPartition {
  readonly low: number;
  /** The end offset: the offset of the next record to be written. */
  readonly high: number;
  /** The timestamp of the first record, if a time was asked for and there is such a record. */
  readonly lowAt?: number;
  /** The time at which the end was requested, by `performance.now()`. */
  readonly requestedAt: number;
}

/** Returns the offsets that partitions hold now, from the given time on, in any order. Throws MissingTopicsError. */
export async function offsetRanges(
  cluster: Cluster,
  of: readonly TopicPartition[],
  from: OffsetTime = 'earliest',
): Promise<OffsetRange[]> {
  const requestedAt = performance.now();
  await cluster.require(of.map(({ topic }) => topic));
  const byLeader = Map.groupBy(of, ({ topic, partition }) => cluster.leaderOf(topic, partition));
  const ranges = [...byLeader].map(async ([leader, partitions]) => {
    const [{ topic, partition }] = partitions as [TopicPartition];
    if (!leader) throw failureOf(cluster.absenceOf(topic, partition), { topic, partition });
    const connection = await leader.questions.open();
    const [lows, highs] = await Promise.all([
      connection.offsets(partitions, from),
      connection.offsets(partitions, 'latest'),
    ]);
    return partitions.map(({ topic, partition }) => {
      const { offset: low, timestamp } = answerIn(lows, { topic, partition });
      const { offset: high } = answerIn(highs, { topic, partition });
      const lowAt = timestamp < 0 ? {} : { lowAt: timestamp };
      // -1: the partition has no record of that time or later.
      return { topic, partition, low: low < 0 ? high : low, high, requestedAt, ...lowAt };
    });
  });
  return (await Promise.all(ranges)).flat();
}

function answerIn(
  answers: readonly PartitionOffset[],
  of: TopicPartition,
): Pick<PartitionOffset, 'offset' | 'timestamp'> {
  const { error, ...answer } = answers.find((answer) => partitionName(answer) === partitionName(of)) ?? noAnswer;
  if (error !== undefined) throw failureOf(error, of);
  return answer;
}

const noAnswer = { error: 'no answer', offset: 0, timestamp: -1 };

// A plain Error, unlike a KafkaError, makes the caller retry.
function failureOf(error: string, of: TopicPartition): Error {
  const fault = topicFaultOf(error, 'Describe', of.topic);
  return fault instanceof SecurityError ? fault : new Error(`${partitionName(of)}: ${fault}`);
}
