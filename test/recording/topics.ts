import { services } from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher } from '@pagebridge/kafka';
import { allTopics, kafkaSettings, TopicWatch } from '@pagebridge/local-stack';
import kafkajs, { type Admin } from 'kafkajs';

/** A record as text; all that is on our topics is. */
export interface KeptRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** How far a consumer group had come. */
export interface KeptOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Everything on the topics, each partition in its order from offset 0. */
export async function dumpTopics(brokers: string): Promise<KeptRecord[]> {
  const watch = new TopicWatch({ brokers });
  await watch.start();
  await watch.stop();
  return allTopics.flatMap((topic) => {
    const records = watch.recordsOf(topic).toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
    const next = new Map<number, number>();
    return records.map(({ partition, offset, key, value, headers }) => {
      const due = next.get(partition) ?? 0;
      if (offset !== due) throw new Error(`${topic}/${partition} has a gap at ${due}: record again, at once`);
      next.set(partition, offset + 1);
      const told = Object.entries(headers).map(([name, header]) => [name, String(header)] as const);
      return { topic, partition, key: String(key), value: value && String(value), headers: Object.fromEntries(told) };
    });
  });
}

/** Writes them to empty topics: each gets the partition and the offset that it had. */
export async function loadTopics(brokers: string, records: readonly OutgoingRecord[]): Promise<void> {
  const publisher = new Publisher(kafkaSettings({ brokers }, 'recording', 'admin'));
  await publisher.start();
  await publisher.publish(records);
  await publisher.close();
}

export const dumpOffsets = (brokers: string): Promise<KeptOffset[]> =>
  withAdmin(brokers, async (admin) => {
    const groups = await Promise.all(
      services.map(async (group) => ({ group, of: await admin.fetchOffsets({ groupId: group }) })),
    );
    return groups.flatMap(({ group, of }) =>
      of.flatMap(({ topic, partitions }) =>
        partitions
          .filter(({ offset }) => Number(offset) >= 0)
          .map(({ partition, offset }) => ({ group, topic, partition, offset })),
      ),
    );
  });

/** Lets the groups go on where they were; none may have a member. */
export const loadOffsets = (brokers: string, offsets: readonly KeptOffset[]): Promise<void> =>
  withAdmin(brokers, async (admin) => {
    for (const of of Map.groupBy(offsets, ({ group, topic }) => `${group} ${topic}`).values()) {
      const [{ group: groupId, topic } = { group: '', topic: '' }] = of;
      await admin.setOffsets({
        groupId,
        topic,
        partitions: of.map(({ partition, offset }) => ({ partition, offset })),
      });
    }
  });

async function withAdmin<T>(brokers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { Kafka, logLevel } = kafkajs;
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
