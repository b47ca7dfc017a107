import type { ConsumedRecord } from './record.ts';
import type { KafkaSettings } from './settings.ts';

export interface PartitionRestorerOptions {
  readonly topic: string;
  readonly onFatal?: (error: Error) => void;
}

export class PartitionRestorer {
  constructor(_settings: KafkaSettings, _options: PartitionRestorerOptions) {}
  async start(): Promise<void> {}
  async restore(_partitions: readonly number[], _onRecord: (record: ConsumedRecord) => void): Promise<void> {}
  async stop(): Promise<void> {}
}
