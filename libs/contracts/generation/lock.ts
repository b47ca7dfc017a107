import type { TopicCard } from '../src/index.ts';
import type { Lock } from './compatibility.ts';

/** What others rely on of these topics, as `contracts.lock.json` keeps it. */
export function lockOf(cards: readonly TopicCard[]): Lock {
  const locked = cards.map(({ topic, eventType, key, cleanup, partitions, value }) => [
    topic,
    { eventType, key, cleanup, partitions, value },
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(locked)));
}
