import { alertsCardOf, type RecordPlace } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { replayableTopics } from './letters/letter.ts';

const dead = deadLetterTopicOf('');

/** Returns the command that previews the replay of the dead letter at a place, or shows one that is not replayed. */
export function commandFor({ topic, partition, offset }: RecordPlace): string {
  const source = topic.endsWith(dead) ? topic.slice(0, -dead.length) : topic;
  const isReplayed = replayableTopics.includes(source) || alertsCardOf(source) !== undefined;
  const [verb, its] = isReplayed ? ['replay', ' --dry-run'] : ['show', ''];
  return `pagebridge dead-letters ${verb} --topic ${source} --partition ${partition} --offset ${offset}${its}`;
}
