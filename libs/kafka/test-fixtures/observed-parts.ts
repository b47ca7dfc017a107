import type { KafkaObserver, Observed, TopicState } from '../src/settings.ts';

/** An observer that knows all open consumers, readers and tables of a test. */
export class ObservedParts {
  /** The joins of all members. */
  joins = 0;
  private readonly parts = new Set<Observed>();

  readonly observer: KafkaObserver = {
    opened: (part) => void this.parts.add(part),
    closed: (part) => void this.parts.delete(part),
    joined: () => {
      this.joins += 1;
    },
  };

  get count(): number {
    return this.parts.size;
  }

  /** Returns the states of a topic, of all parts. */
  of(topic: string): TopicState[] {
    return [...this.parts].flatMap((part) => part.topicStates()).filter((state) => state.topic === topic);
  }

  /** Returns the partitions that Kafka does not serve, each once. */
  unreadOf(topic: string): number[] {
    return [...new Set(this.of(topic).flatMap(({ unread = [] }) => unread))].toSorted((a, b) => a - b);
  }

  /** Returns when the partition of a table that is furthest behind was last read to its end, in ms since 1970. */
  readAtOf(topic: string): number {
    return Math.min(...this.of(topic).flatMap(({ readAt }) => readAt ?? []));
  }

  /** Returns the number of keys of a table whose latest record cannot be read. */
  unreadableKeysOf(topic: string): number {
    return Math.max(...this.of(topic).flatMap(({ unreadableKeys }) => unreadableKeys ?? []));
  }

  /** Returns for each member how many partitions it owns. */
  ownedOf(topic: string): number[] {
    return this.of(topic).flatMap(({ owned }) => owned ?? []);
  }
}
