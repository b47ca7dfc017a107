import type { Cluster } from '../cluster/cluster.ts';
import type { OffsetTime, PartitionOffset } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { deniedText } from '../driver/security/denied-operations.ts';
import { KafkaError, SecurityError } from '../errors.ts';

export interface OffsetRange extends TopicPartition {
  readonly low: number;
  /** The end offset: the offset of the next record to be written. */
  readonly high: number;
  /** The time at which the end was requested, by `performance.now()`. */
  readonly requestedAt: number;
}

/** Returns the offsets that topics or partitions hold now, from the given time on. Throws MissingTopicsError. */
export async function offsetRanges(
  cluster: Cluster,
  of: readonly (string | TopicPartition)[],
  from: OffsetTime = 'earliest',
): Promise<OffsetRange[]> {
  const requestedAt = performance.now();
  await cluster.require(of.map((each) => (typeof each === 'string' ? each : each.topic)));
  const partitions = of.flatMap((each) => (typeof each === 'string' ? cluster.allPartitionsOf(each) : each));
  const [lows, highs] = await offsetsAt(cluster, partitions, [from, 'latest']);
  return partitions.map((each) => {
    const [low, high] = [offsetOf(lows, each), offsetOf(highs, each)];
    // -1: the partition has no record of that time or later.
    return { ...each, low: low < 0 ? high : low, high, requestedAt };
  });
}

export async function offsetRange(cluster: Cluster, of: TopicPartition, from?: OffsetTime): Promise<OffsetRange> {
  const [range] = (await offsetRanges(cluster, [of], from)) as [OffsetRange];
  return range;
}

type Offsets = ReadonlyMap<string, number>;

const offsetOf = (offsets: Offsets | undefined, of: TopicPartition): number => {
  const offset = offsets?.get(partitionName(of));
  if (offset !== undefined) return offset;
  throw new KafkaError('KAFKA.BROKER_UNREACHABLE', true, `No broker returned an offset of ${partitionName(of)}`);
};

/** Returns the offsets of all partitions, for each of the times. */
async function offsetsAt(
  cluster: Cluster,
  of: readonly TopicPartition[],
  times: readonly OffsetTime[],
): Promise<Offsets[]> {
  const byLeader = Map.groupBy(of, ({ topic, partition }) => cluster.leaderOf(topic, partition));
  const answers = await Promise.all(
    [...byLeader].map(async ([leader, partitions]) => {
      const [{ topic, partition }] = partitions as [TopicPartition];
      if (!leader) throw failureOf(cluster.absenceOf(topic, partition), { topic, partition });
      const connection = await leader.openAnother();
      try {
        return await Promise.all(times.map((time) => connection.offsets(partitions, time)));
      } finally {
        connection.reset();
      }
    }),
  );
  return times.map((_, n) => {
    const offsets = answers.flatMap((ofLeader) => ofLeader[n] ?? []);
    return new Map(offsets.map((answer) => [partitionName(answer), orThrow(answer)]));
  });
}

function orThrow({ error, offset, ...of }: PartitionOffset): number {
  if (error === 'TOPIC_AUTHORIZATION_FAILED') throw new SecurityError(deniedText('Describe', 'topic', of.topic));
  if (error !== undefined) throw failureOf(error, of);
  return offset;
}

// A plain Error, unlike a KafkaError, makes the caller retry.
const failureOf = (error: string, of: TopicPartition): Error => new Error(`${partitionName(of)}: ${error}`);
