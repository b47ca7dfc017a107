import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaSettings, TableView, type TableViewOptions } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';

export interface BackgroundTableParts extends TableViewOptions {
  readonly settings: KafkaSettings;
  /** The log message of a failed attempt: what does not work meanwhile. */
  readonly failure: string;
  readonly log: Log;
  readonly retryDelayMs?: number;
}

/**
 * A table that the start of a service does not wait for. If reading cannot start, it logs the cause and retries from the
 * beginning of the topics.
 */
export class BackgroundTable {
  private readonly view: TableView;
  private running: Promise<void> | undefined;
  private cause: string | undefined;
  private readonly stopped = new AbortController();

  constructor(private readonly parts: BackgroundTableParts) {
    this.view = new TableView(parts.settings, parts);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the topics have been read to their end once, or the table is stopped. */
  async firstRead(): Promise<void> {
    await this.running;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.view.stop();
    await this.running;
  }

  /** Returns whether all topics have been read to their end, once and within the last half minute. */
  isRead = (): boolean => this.view.health().ready;

  /** Returns how long the table may have lagged behind its topics; infinite until they were read once. */
  staleMs = (): number => this.view.staleMs();

  /** Returns the same for one partition of a table of one topic. */
  staleMsOf = (partition: number): number => this.view.staleMsOf(partition);

  /** Returns the same for the part that was read last. */
  leastStaleMs = (): number => this.view.leastStaleMs();

  health(): { readonly detail: string } {
    return { detail: this.cause ?? this.view.health().detail };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    const { failure, log, retryDelayMs = 5000 } = this.parts;
    while (!signal.aborted) {
      try {
        return await this.view.start();
      } catch (error) {
        if (signal.aborted) return;
        this.cause = String(error);
        log.error({ cause: this.cause }, failure);
        // The sleep rejects if the service stops meanwhile.
        await sleep(retryDelayMs, undefined, { signal }).catch(() => undefined);
        this.cause = undefined;
      }
    }
  }
}
