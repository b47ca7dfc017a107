/** A fetched batch of a partition, as kafkajs makes it; it hands on those alone that hold records. */
interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly fetchedOffset: string;
  readonly highWatermark: string;
}
interface Group {
  readonly groupId: string;
}
type Fetch = (this: Group, nodeId: number) => Promise<readonly Batch[]>;

/** The partition had nothing to read behind the reader's position when it was asked, at this time of `performance.now()`. */
export type EndSeen = (topic: string, partition: number, askedAt: number) => void;

const askedAts = new WeakMap<object, number>();
const watchers = new Map<string, EndSeen>();

/** Tells the consumer of this group when a fetch meets the end of a partition. */
export function onEndSeen(groupId: string, seen: EndSeen): () => void {
  watchers.set(groupId, seen);
  return () => watchers.delete(groupId);
}

/** When a batch was asked for. */
export const askedAtOf = (batch: object): number => askedAts.get(batch) ?? Number.NEGATIVE_INFINITY;

// When it asked, not when it read the answer: that may have lain in the socket of a process that was frozen.
export const noticeEnds = (fetch: Fetch): Fetch =>
  async function (nodeId) {
    const askedAt = performance.now();
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) {
      askedAts.set(batch, askedAt);
      const isAtEnd = BigInt(batch.fetchedOffset) >= BigInt(batch.highWatermark);
      if (isAtEnd) watchers.get(this.groupId)?.(batch.topic, batch.partition, askedAt);
    }
    return batches;
  };
