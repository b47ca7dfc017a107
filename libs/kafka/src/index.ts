/** Moves bytes over Kafka and says what became of them. Knows no event; the only importer of kafkajs. */
export { BatchConsumer, type BatchConsumerOptions } from './batch-consumer.ts';
export * from './errors.ts';
export type { ConsumerHealth } from './health.ts';
export { LogLimiter, type LogLimits } from './log-limiter.ts';
export * from './outcome.ts';
export type { Assignment } from './ownership.ts';
export { PartitionRestorer, type PartitionRestorerOptions } from './partition-restorer.ts';
export { partitionFor } from './partitioner.ts';
export { Publisher, type PublisherOptions } from './publisher.ts';
export type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord, RecordBatch } from './record.ts';
export { type BatchContents, type BatchRecord, readRecordBatch } from './record-batch.ts';
export type { KafkaLog, KafkaObserver, KafkaSettings } from './settings.ts';
export { TableView, type TableViewOptions } from './table-view.ts';
export { createTopics, requireTopics, type TopicDefinition, type TopicReport } from './topics.ts';
