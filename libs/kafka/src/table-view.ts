import type { ConsumerHealth } from './health.ts';
import type { ConsumedRecord } from './record.ts';
import type { KafkaSettings } from './settings.ts';

export interface TableViewOptions {
  readonly topics: readonly string[];
  readonly onRecord: (record: ConsumedRecord) => void;
  readonly onFatal?: (error: Error) => void;
}

export class TableView {
  constructor(_settings: KafkaSettings, _options: TableViewOptions) {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): ConsumerHealth {
    return { live: true, ready: false, detail: 'not started' };
  }
  lag(): number {
    return 0;
  }
}
