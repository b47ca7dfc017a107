import type { ConsumerHealth } from './health.ts';
import type { BatchHandler } from './outcome.ts';
import type { KafkaSettings } from './settings.ts';

export interface Assignment {
  readonly topic: string;
  readonly partitions: number[];
  readonly generation: number;
}

export interface BatchConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  /** Awaited before the first batch of partitions that are newly owned; a rejection is tried again with backoff. */
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  /** Best effort: partitions that are no longer owned, told when the group has settled. */
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** The consumer cannot go on and will not heal: the process must end with a code other than 0. */
  readonly onFatal?: (error: Error) => void;
  /** How many partitions are handled at once. Default 1. */
  readonly concurrency?: number;
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly rebalanceTimeoutMs?: number;
  /** The most bytes of one partition in one batch, if its first record is not larger. Default 1 MiB. */
  readonly maxBatchBytes?: number;
  /** How often a throwing handler is tried before its batch is narrowed. Default 5. */
  readonly handlerAttempts?: number;
  /** The first wait after a throw; doubles up to 5 s. Default 200 ms. */
  readonly backoffMs?: number;
}

export class BatchConsumer {
  constructor(_settings: KafkaSettings, _options: BatchConsumerOptions) {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): ConsumerHealth {
    return { live: true, ready: false, detail: 'not started' };
  }
  pausePartition(_topic: string, _partition: number): void {}
  resumePartition(_topic: string, _partition: number): void {}
}
