import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { TokenTable } from '@pagebridge/access';
import { AccessTokens, entryOf, reservedKeyPrefix } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, TableView } from '@pagebridge/kafka';
import type { Clock, Log } from '@pagebridge/vocabulary';

export interface TokenReaderParts {
  readonly settings: KafkaSettings;
  readonly table: TokenTable;
  readonly clock: Pick<Clock, 'now'>;
  readonly onUnreadable: (record: ConsumedRecord, detail: string) => void;
  readonly log: Log;
  readonly retryDelayMs?: number;
}

/** A table that is older than this may lack a revocation. */
const staleAfterMs = 30_000;

/**
 * Keeps the table of API tokens in step with its topic.
 *
 * The start of a service does not wait for this reader, since pages need no tokens. API tokens are refused until it has read the
 * whole topic, and whenever it lags by more than half a minute. If reading cannot start, the reader logs the cause and retries.
 */
export class TokenReader implements OnApplicationShutdown {
  private view: TableView | undefined;
  private running: Promise<void> | undefined;
  private readonly stopped = new AbortController();

  constructor(private readonly parts: TokenReaderParts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Returns how long the table may have lagged behind its topic; infinite until the topic was read once. */
  staleMs = (): number => this.view?.staleMs() ?? Number.POSITIVE_INFINITY;

  isFresh = (): boolean => this.staleMs() <= staleAfterMs;

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.view?.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    const { settings, log, retryDelayMs = 5000 } = this.parts;
    while (!signal.aborted) {
      const view = new TableView(settings, { topics: [AccessTokens.card.topic], onRecord: this.onRecord });
      this.view = view;
      try {
        return await view.start();
      } catch (error) {
        if (signal.aborted) return;
        log.error({ cause: String(error) }, 'the API tokens cannot be read and are refused until a retry succeeds');
        await view.stop();
        // The sleep rejects if the service stops meanwhile.
        await sleep(retryDelayMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private readonly onRecord = (record: ConsumedRecord): void => {
    const { table, clock, onUnreadable } = this.parts;
    const key = record.key?.toString() ?? '';
    if (key.startsWith(reservedKeyPrefix)) return;
    const entry = entryOf(AccessTokens, record, ({ tokenId }) => tokenId);
    if (entry.kind === 'unreadable') onUnreadable(record, entry.detail);
    else if (entry.kind === 'deleted') table.remove(key, clock.now());
    else table.put(entry.value, clock.now());
  };
}
