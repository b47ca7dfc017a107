import type { FetchAnswer } from '../protocol/fetch-response.ts';
import type { TopicPartition } from '../protocol/fetched-record.ts';

// kafkajs fails a whole answer if one partition in it has an error. These patches limit an error to its partition.

interface Metadata {
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly partitionMetadata: { readonly partitionId: number; partitionErrorCode: number; leader: number }[];
  }[];
}
type ParseMetadata = (answer: Metadata) => Promise<Metadata>;

const partitionsIn = (of: Metadata | null) =>
  (of?.topicMetadata ?? []).flatMap(({ topic, partitionMetadata }) => {
    return partitionMetadata.map((its) => ({ topic, its }));
  });

// kafkajs rejects all metadata while one partition has an error, such as a missing leader or replica: it retries,
// fetches nothing meanwhile, and drops out of its group. Here only a partition without a leader is not fetched.
export const acceptPartitionErrors =
  (parse: ParseMetadata): ParseMetadata =>
  async (answer) => {
    for (const { its } of partitionsIn(answer)) its.partitionErrorCode = 0;
    return parse(answer);
  };

type BrokerPool = { readonly metadata: Metadata | null; metadataExpireAt: number | null };
type RefreshMetadata = (this: BrokerPool, topics: readonly string[]) => Promise<void>;

const noLeader = -1;
export const leaderNotAvailable = 5;
const leaderlessRefreshMs = 1000;

/** Reports the partitions without a leader after each refresh of the metadata, which soon follow each other then. */
export const refreshSoonForLeaders = (
  refresh: RefreshMetadata,
  report: (leaderless: Unreadable) => void,
): RefreshMetadata =>
  async function (topics) {
    await refresh.call(this, topics);
    const leaderless = partitionsIn(this.metadata).filter(({ its }) => its.leader === noLeader);
    if (leaderless.length > 0) this.metadataExpireAt = Date.now() + leaderlessRefreshMs;
    for (const { topic, its } of leaderless)
      report({ topic, partition: its.partitionId, errorCode: leaderNotAvailable });
  };

interface Cluster {
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
}
interface OfTopic<Partition> {
  readonly topic: string;
  readonly partitions: readonly Partition[];
}
type FetchTopicsOffset = (
  this: Cluster,
  topics: readonly OfTopic<{ partition: number }>[],
) => Promise<readonly OfTopic<{ partition: number; offset: string }>[]>;

/** Omits leaderless partitions from a consumer's request for offsets; kafkajs expects every topic in the result. */
export const skipLeaderlessOffsets = (fetch: FetchTopicsOffset, isConsumer: () => boolean): FetchTopicsOffset =>
  async function (topics) {
    if (!isConsumer()) return fetch.call(this, topics);
    const led = topics.map(({ topic, partitions, ...its }) => {
      const metadata = this.findTopicPartitionMetadata(topic);
      const isLed = (partition: number) => metadata.find((of) => of.partitionId === partition)?.leader !== noLeader;
      return { ...its, topic, partitions: partitions.filter(({ partition }) => isLed(partition)) };
    });
    const offsets = await fetch.call(this, led);
    return topics.map(({ topic }) => offsets.find((of) => of.topic === topic) ?? { topic, partitions: [] });
  };

export type ParseFetch = (answer: FetchAnswer) => Promise<FetchAnswer>;

/** A partition without a leader, or one that its leader cannot read, with the error. */
export interface Unreadable extends TopicPartition {
  readonly errorCode: number;
}

// A broken log or disk of the broker: an unknown server error, a corrupt message, a storage error.
const logErrors: ReadonlySet<number> = new Set([-1, 2, 56]);

/**
 * Reports the partitions whose log the broker cannot read, and keeps the others of the answer. kafkajs would drop all
 * of them and end the consumer, and then the consumer of the next owner too.
 */
export const isolateUnreadable =
  (parse: ParseFetch, report: (unreadable: Unreadable) => void): ParseFetch =>
  async (answer) => {
    for (const { topicName: topic, partitions } of answer.responses) {
      for (const its of partitions) {
        const { partition, errorCode } = its;
        if (!logErrors.has(errorCode)) continue;
        its.errorCode = 0;
        report({ topic, partition, errorCode });
      }
    }
    return parse(answer);
  };
