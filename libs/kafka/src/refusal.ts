import kafkajs from 'kafkajs';
import { bytesOf, type Chunk } from './accumulator.ts';
import { rootCause } from './client.ts';
import { KafkaError, RecordTooLargeError } from './errors.ts';

const tooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
const faultOfRecord = [...tooLarge, 'INVALID_RECORD', 'INVALID_TIMESTAMP'];
const faultOfTopic = ['TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION', 'POLICY_VIOLATION'];

/** Whose fault a broker's final no is; undefined when the same records may be taken later. */
export function blameOf(error: unknown): 'record' | 'topic' | undefined {
  const cause = rootCause(error);
  if (!(cause instanceof kafkajs.KafkaJSProtocolError)) return undefined;
  if (faultOfRecord.includes(cause.type)) return 'record';
  return faultOfTopic.includes(cause.type) ? 'topic' : undefined;
}

/** Smaller requests among which the culprit of a refusal is; none when the chunk cannot be divided any further. */
export function partsOf<C extends Chunk>(chunks: readonly C[], blame: 'record' | 'topic'): C[][] {
  const [chunk] = chunks;
  if (!chunk || chunks.length > 1) return chunks.map((each) => [each]);
  if (blame === 'topic' || chunk.entries.length === 1) return [];
  const middle = Math.ceil(chunk.entries.length / 2);
  return [chunk.entries.slice(0, middle), chunk.entries.slice(middle)].map((entries) => [{ ...chunk, entries }]);
}

export function refusalOf(chunk: Chunk, error: unknown): KafkaError {
  const cause = rootCause(error) as kafkajs.KafkaJSProtocolError;
  if (tooLarge.includes(cause.type)) {
    return new RecordTooLargeError(chunk.topic, bytesOf(chunk), "the topic's `max.message.bytes`");
  }
  const retriable = !faultOfRecord.includes(cause.type);
  return new KafkaError('KAFKA.DELIVERY_FAILED', retriable, `${chunk.topic} refused: ${cause.message}`, { cause });
}
