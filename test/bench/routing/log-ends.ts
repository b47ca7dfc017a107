import kafkajs, { type Admin } from 'kafkajs';
import { type KafkaAccess, kafkajsOptions } from '../../harness/kafka-access.ts';

/** The end offsets of topics and the start offsets of groups, read from outside, alike for every contender. */
export class LogEnds {
  readonly #admin: Admin;

  static async of(kafka: KafkaAccess): Promise<LogEnds> {
    const admin = new kafkajs.Kafka(kafkajsOptions(kafka, 'bench-watch')).admin();
    await admin.connect();
    return new LogEnds(admin);
  }

  private constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** Returns the number of records that a topic ever had. */
  async count(topic: string): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  /** Sets the offsets of an inactive group so that it has about `count` records to read; returns the exact number. */
  async leave(group: string, topic: string, count: number): Promise<number> {
    const ends = await this.#admin.fetchTopicOffsets(topic);
    const each = Math.floor(count / ends.length);
    const partitions = ends.map(({ partition, low, high }) => {
      const offset = Math.max(Number(low), Number(high) - each);
      return { partition, offset: String(offset), left: Number(high) - offset };
    });
    await this.#admin.setOffsets({ groupId: group, topic, partitions });
    return partitions.reduce((sum, { left }) => sum + left, 0);
  }

  /** Deletes an inactive group, so that it starts anew. */
  async forget(group: string): Promise<void> {
    const { groups } = await this.#admin.listGroups();
    if (groups.some(({ groupId }) => groupId === group)) await this.#admin.deleteGroups([group]);
  }

  close = (): Promise<void> => this.#admin.disconnect();
}
