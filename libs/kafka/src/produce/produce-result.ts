export type ProduceResult = 'written' | 'refused' | 'unknown-producer' | 'retriable';

// One batch of a partition is in flight at a time, so a duplicate is always a retry of that batch.
const written = ['DUPLICATE_SEQUENCE_NUMBER'];
// With these errors the broker appends nothing.
const refused = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'];
const unknownProducer = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
];

/**
 * Classifies the broker's answer for one batch. `refused`: Kafka will never accept at least one record.
 * `unknown-producer`: the broker no longer knows the producer id. `retriable`: every other error, such as
 * authorization, policy, a missing topic or too few in-sync replicas.
 */
export function produceResultOf(error: string | undefined): ProduceResult {
  if (error === undefined || written.includes(error)) return 'written';
  if (refused.includes(error)) return 'refused';
  return unknownProducer.includes(error) ? 'unknown-producer' : 'retriable';
}
