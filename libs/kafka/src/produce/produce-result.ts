/** What a broker's answer means for the records of a partition. */
export type ProduceResult = 'written' | 'refused' | 'unknown-producer' | 'retriable';

// A repetition that is too old to be compared is one all the same: one batch of a partition is under way at a time.
const written = ['DUPLICATE_SEQUENCE_NUMBER'];
// Said before anything is appended.
const refused = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'];
const unknownProducer = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
];

/**
 * `refused`: one record at least will never be taken, by its own fault: its size, or what it holds. `unknown-producer`: the
 * broker does not know the producer any more. `retriable`: everything else, authorization, policy, our clock, a missing
 * topic or too few replicas: the same records may be taken once a human or the cluster has cured it.
 */
export function produceResultOf(error: string | undefined): ProduceResult {
  if (error === undefined || written.includes(error)) return 'written';
  if (refused.includes(error)) return 'refused';
  return unknownProducer.includes(error) ? 'unknown-producer' : 'retriable';
}
