import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { letterBytes, type TopicCard } from './card.ts';

/** The parameters for creating a topic: its partitions and its configuration with the keys of the broker. */
export interface TopicDefinition {
  readonly topic: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const day = 24 * 60 * 60 * 1000;
const brokerDefaultMaxMessageBytes = 1_048_588;
const deadLetterHeadersBytes = 64 * 1024;
// A table is compacted early and often, since a reader reads it from the beginning at every start.
const compaction = { 'min.cleanable.dirty.ratio': '0.1', 'segment.ms': String(60 * 60 * 1000) };

/** Returns the definitions of a card's topic and, if it has one, of its dead-letter topic. */
export function topicDefinitionsOf(card: TopicCard): TopicDefinition[] {
  const { topic, partitions } = card;
  const config = {
    'cleanup.policy': card.cleanup,
    ...(card.cleanup === 'compact' ? compaction : {}),
    ...(card.compactionLagMs === undefined ? {} : { 'max.compaction.lag.ms': String(card.compactionLagMs) }),
    ...(card.retentionMs === undefined ? {} : { 'retention.ms': String(card.retentionMs) }),
    ...(card.retentionBytes === undefined ? {} : { 'retention.bytes': String(card.retentionBytes) }),
    ...(card.maxMessageBytes === undefined ? {} : { 'max.message.bytes': String(card.maxMessageBytes) }),
    ...(card.timestampType === undefined ? {} : { 'message.timestamp.type': card.timestampType }),
  };
  return [{ topic, partitions, config }, ...(card.deadLetter ? [deadLettersOf(card)] : [])];
}

// Retained for 30 days, since a person must act; large enough for any record and its headers.
function deadLettersOf({ topic, partitions, maxMessageBytes = brokerDefaultMaxMessageBytes }: TopicCard) {
  const config = {
    'cleanup.policy': 'delete',
    'retention.ms': String(30 * day),
    'retention.bytes': String(letterBytes),
    'max.message.bytes': String(maxMessageBytes + deadLetterHeadersBytes),
  };
  return { topic: deadLetterTopicOf(topic), partitions, config };
}
