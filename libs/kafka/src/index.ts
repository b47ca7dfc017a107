/** Consumes and publishes records and reads tables, whatever their events. Only this library imports kafkajs. */
export { compareTopics, growthFaults, requireRights, requireTopics, rightsOn } from './cluster/requirements.ts';
export { BatchConsumer, type BatchConsumerOptions } from './consume/batch-consumer.ts';
export * from './consume/batch-result.ts';
export type { Assignment } from './consume/owned-partitions.ts';
export { type DeadLetter, deadLetterOf, type Parked } from './dead-letters/dead-letter.ts';
export { stubOf } from './dead-letters/stub.ts';
export type { ConsumerHealth } from './driver/consumer-monitor.ts';
export { committedOffsets } from './driver/groups.ts';
export { partitionName, type TopicPartition } from './driver/protocol/fetched-record.ts';
export { readRecordBatch } from './driver/protocol/record-batch.ts';
export type { TopicRight } from './driver/protocol/topic-rights.ts';
export { addAcls, type KafkaAcl, removeAcls } from './driver/security/acls.ts';
export { createTopics, type TopicDefinition, type TopicReport, topicsSeen } from './driver/topics.ts';
export * from './errors.ts';
export { LogLimiter } from './log-limiter.ts';
export { partitionFor } from './produce/partitioner.ts';
export { Publisher, type PublisherOptions } from './produce/publisher.ts';
export type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord, RecordBatch } from './record.ts';
export { type SecurityVariables, securityOf, securityVariables } from './security/security-of.ts';
export {
  type KafkaLog,
  type KafkaObserver,
  type KafkaSecurity,
  type KafkaSettings,
  type Observed,
  offsetResetKinds,
  plaintext,
  retryOrigins,
  saslMechanisms,
  type TopicState,
} from './settings.ts';
export { Follower } from './table/follower.ts';
export { LogReader, type Place, type Progress, type Taken } from './table/log-reader.ts';
export { RangeReader } from './table/range-reader.ts';
export { TableView, type TableViewOptions } from './table/table-view.ts';
