import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';

// Longer than a faulty partition is asked for again. An answer without the fault says nothing if there is no record.
const forgottenAfterMs = 10_000;

interface Unread {
  readonly topic: string;
  readonly cause: string;
  readonly timer: NodeJS.Timeout;
}

/** The partitions that Kafka cannot serve: those whose fault was noted a moment ago. */
export class UnreadPartitions {
  private readonly unread = new Map<string, Unread>();

  /** Calls `onChange` with the number of such partitions of a topic whenever it has changed. */
  constructor(private readonly onChange: (topic: string, partitions: number) => void) {}

  /** Returns whether the partition had no fault a moment ago. */
  note({ topic, partition }: TopicPartition, cause: string): boolean {
    const name = partitionName({ topic, partition });
    const known = this.unread.get(name);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.forget({ topic, partition }), forgottenAfterMs).unref();
    this.unread.set(name, { topic, cause, timer });
    if (!known) this.report(topic);
    return !known;
  }

  forget({ topic, partition }: TopicPartition): void {
    const name = partitionName({ topic, partition });
    clearTimeout(this.unread.get(name)?.timer);
    if (this.unread.delete(name)) this.report(topic);
  }

  /** Returns each partition with its cause, to be added to a detail; empty if there is none. */
  detail(): string {
    const each = [...this.unread].map(([name, { cause }]) => `${name} (${cause})`);
    return each.length === 0 ? '' : `, Kafka cannot serve ${each.join(', ')}`;
  }

  private report(topic: string): void {
    this.onChange(topic, [...this.unread.values()].filter((of) => of.topic === topic).length);
  }
}
