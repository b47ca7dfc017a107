import { alertsCardOf, type RecordPlace } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { replayableTopics } from './letters/letter.ts';

const dead = deadLetterTopicOf('');

/**
 * Returns the command that previews the replay of the dead letter at a place, or shows one that is not replayed: through
 * page-history if it sends those of this org again, else from Kafka.
 */
export function commandFor({ topic, partition, offset }: RecordPlace, org?: string): string {
  const source = topic.endsWith(dead) ? topic.slice(0, -dead.length) : topic;
  const isReplayed = replayableTopics.includes(source) || alertsCardOf(source) !== undefined;
  const verb = isReplayed ? 'preview' : 'show';
  const way = isReplayed && org !== undefined ? `--org ${org}` : '--kafka';
  return `pagebridge dead-letters ${verb} ${way} --topic ${source} --partition ${partition} --offset ${offset}`;
}
