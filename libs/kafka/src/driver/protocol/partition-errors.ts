import type { FetchAnswer } from './fetch-response.ts';
import type { TopicPartition } from './fetched-record.ts';

/**
 * What kafkajs makes of an error of one partition it makes of the whole answer. Here it is that partition's alone.
 */

interface Metadata {
  readonly topicMetadata: readonly { readonly partitionMetadata: { partitionErrorCode: number; leader: number }[] }[];
}
type ParseMetadata = (answer: Metadata) => Promise<Metadata>;

const partitionsIn = (of: Metadata | null) => (of?.topicMetadata ?? []).flatMap((topic) => topic.partitionMetadata);

// kafkajs takes no metadata at all while one partition has an error, which is that it has no leader or misses a replica: it
// asks again and again, fetches nothing meanwhile, and drops out of its group. A partition without a leader is fetched from
// nobody, and all others go on.
export const takePartitionErrors =
  (parse: ParseMetadata): ParseMetadata =>
  async (answer) => {
    for (const partition of partitionsIn(answer)) partition.partitionErrorCode = 0;
    return parse(answer);
  };

type BrokerPool = { readonly metadata: Metadata | null; metadataExpireAt: number | null };
type RefreshMetadata = (this: BrokerPool, topics: readonly string[]) => Promise<void>;

const nobody = -1;
const leaderlessAgainMs = 1000;

export const lookSoonForLeaders = (refresh: RefreshMetadata): RefreshMetadata =>
  async function (topics) {
    await refresh.call(this, topics);
    if (partitionsIn(this.metadata).some(({ leader }) => leader === nobody))
      this.metadataExpireAt = Date.now() + leaderlessAgainMs;
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

/** A consumer asks for the offsets of partitions that its group has not committed; kafkajs then looks each topic up. */
export const askNobodyForOffsets = (fetch: FetchTopicsOffset, isConsumer: () => boolean): FetchTopicsOffset =>
  async function (topics) {
    if (!isConsumer()) return fetch.call(this, topics);
    const led = topics.map(({ topic, partitions, ...its }) => {
      const metadata = this.findTopicPartitionMetadata(topic);
      const isLed = (partition: number) => metadata.find((of) => of.partitionId === partition)?.leader !== nobody;
      return { ...its, topic, partitions: partitions.filter(({ partition }) => isLed(partition)) };
    });
    const told = await fetch.call(this, led);
    return topics.map(({ topic }) => told.find((of) => of.topic === topic) ?? { topic, partitions: [] });
  };

export type ParseFetch = (answer: FetchAnswer) => Promise<FetchAnswer>;

/** A broker answers with an error of its own for a partition that it leads. */
export interface Unreadable extends TopicPartition {
  readonly errorCode: number;
}

// A broken log or disk of the broker: none, an unexpected error, a corrupt message, an error of storage.
const ofTheLog: ReadonlySet<number> = new Set([-1, 2, 56]);

/**
 * Lets the others of an answer go on where a broker cannot read its log of one partition: kafkajs drops all that it fetched,
 * and its consumer ends, in whoever gets the partition next too.
 */
export const setUnreadableAside =
  (parse: ParseFetch, tell: (unreadable: Unreadable) => void): ParseFetch =>
  async (answer) => {
    for (const { topicName: topic, partitions } of answer.responses) {
      for (const its of partitions) {
        const { partition, errorCode } = its;
        if (!ofTheLog.has(errorCode)) continue;
        its.errorCode = 0;
        tell({ topic, partition, errorCode });
      }
    }
    return parse(answer);
  };
