import { hash } from 'node:crypto';
import type { ConsumedRecord } from '../record.ts';

/** Takes about 1 MiB of memory for each topic. */
export const maxUnreadableKeys = 10_000;

// A key may be long.
const nameOf = ({ key }: ConsumedRecord): string => hash('sha256', key ?? '', 'base64');

/**
 * Knows the keys whose latest record cannot be read, by topic. Beyond the maximum it knows no more keys of a topic, and their
 * number then stays at the maximum as long as the process lives: it cannot know when the last one is readable again.
 */
export class UnreadableKeys {
  private readonly byTopic = new Map<string, Set<string>>();

  add(record: ConsumedRecord): void {
    const keys = this.byTopic.get(record.topic) ?? new Set();
    this.byTopic.set(record.topic, keys);
    if (keys.size < maxUnreadableKeys) keys.add(nameOf(record));
  }

  /** Called with each record that can be read; costs nothing while all can. */
  remove(record: ConsumedRecord): void {
    const keys = this.byTopic.get(record.topic);
    if (keys && keys.size > 0 && keys.size < maxUnreadableKeys) keys.delete(nameOf(record));
  }

  count(topic: string): number {
    return this.byTopic.get(topic)?.size ?? 0;
  }
}
