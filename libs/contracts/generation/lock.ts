import type { TopicCard } from '../src/index.ts';
import type { Lock } from './compatibility.ts';

/** Returns the properties of these topics that producers and consumers rely on, as stored in `contracts.lock.json`. */
export function lockOf(cards: readonly TopicCard[]): Lock {
  const locked = cards.map(({ topic, eventType, key, cleanup, partitions, value }) => [
    topic,
    { eventType, key, cleanup, partitions, value },
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(locked)));
}
