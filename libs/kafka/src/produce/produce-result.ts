export type ProduceResult = 'written' | 'refused' | 'unknown-producer' | 'retriable';

// A repetition all the same: one batch of a partition is sent at a time.
const written = ['DUPLICATE_SEQUENCE_NUMBER'];
// Nothing is appended with these errors.
const refused = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'];
const unknownProducer = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
];

/**
 * `refused`: Kafka will never take at least one record. `unknown-producer`: the broker does not know the producer id any
 * more. `retriable`: everything else, such as authorization, policy, a missing topic or too few replicas.
 */
export function produceResultOf(error: string | undefined): ProduceResult {
  if (error === undefined || written.includes(error)) return 'written';
  if (refused.includes(error)) return 'refused';
  return unknownProducer.includes(error) ? 'unknown-producer' : 'retriable';
}
