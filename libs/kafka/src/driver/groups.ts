import type { KafkaSettings } from '../settings.ts';
import { withAdmin } from './client.ts';

/**
 * Returns the offsets that a group has committed for a topic, by partition: the next ones that it reads. Partitions of which it has
 * committed none are left out. Rejects with SecurityError without the right to describe the group.
 */
export const committedOffsets = (
  settings: KafkaSettings,
  group: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> =>
  withAdmin(settings, async (admin) => {
    const [of] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const committed = of?.partitions.map(({ partition, offset }) => [partition, Number(offset)] as const) ?? [];
    return new Map(committed.filter(([, offset]) => offset >= 0));
  });
