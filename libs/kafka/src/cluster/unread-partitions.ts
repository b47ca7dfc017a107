import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';

// Longer than a faulty partition is asked for again. An answer without the fault says nothing if there is no record.
const forgottenAfterMs = 10_000;

interface Unread extends TopicPartition {
  readonly cause: string;
  readonly timer: NodeJS.Timeout;
}

/** The partitions that Kafka cannot serve: those whose fault was noted a moment ago. */
export class UnreadPartitions {
  private readonly unread = new Map<string, Unread>();

  /** Returns whether the partition had no fault a moment ago. */
  note({ topic, partition }: TopicPartition, cause: string): boolean {
    const name = partitionName({ topic, partition });
    const known = this.unread.get(name);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.forget({ topic, partition }), forgottenAfterMs).unref();
    this.unread.set(name, { topic, partition, cause, timer });
    return !known;
  }

  forget(of: TopicPartition): void {
    const name = partitionName(of);
    clearTimeout(this.unread.get(name)?.timer);
    this.unread.delete(name);
  }

  all(): readonly TopicPartition[] {
    return [...this.unread.values()];
  }

  /** Returns each partition with its cause, to be added to a detail; empty if there is none. */
  detail(): string {
    const each = [...this.unread].map(([name, { cause }]) => `${name} (${cause})`);
    return each.length === 0 ? '' : `, Kafka cannot serve ${each.join(', ')}`;
  }
}
