import type { OutgoingRecord } from './record.ts';
import type { KafkaSettings } from './settings.ts';

export interface PublisherOptions {
  readonly maxBatchBytes?: number;
  readonly maxRecordsPerPartition?: number;
  readonly deliveryTimeoutMs?: number;
}

export class Publisher {
  constructor(_settings: KafkaSettings, _options: PublisherOptions = {}) {}
  async start(): Promise<void> {}
  async publish(_records: readonly OutgoingRecord[]): Promise<void> {}
  async close(): Promise<void> {}
}
