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
  readonly tellUnreadable: (record: ConsumedRecord, detail: string) => void;
  readonly log: Log;
  readonly againAfterMs?: number;
}

/** An older table may not know of a revocation. */
const staleAfterMs = 30_000;

/**
 * Keeps the table of API tokens as Kafka has it.
 *
 * Nothing waits for it, since pages need no tokens: until it has read all, and whenever it has lagged for half a minute, API
 * tokens are not believed. Where its topic is missing or its consumer dies, it says so and begins again.
 */
export class TokenReader implements OnApplicationShutdown {
  private view: TableView | undefined;
  private running: Promise<void> | undefined;
  private readonly stopped = new AbortController();

  constructor(private readonly parts: TokenReaderParts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** For how long the table may have been older than its topic; infinite until it was read once. */
  staleMs = (): number => this.view?.staleMs() ?? Number.POSITIVE_INFINITY;

  isFresh = (): boolean => this.staleMs() <= staleAfterMs;

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.view?.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    const { settings, log, againAfterMs = 5000 } = this.parts;
    while (!signal.aborted) {
      const view = new TableView(settings, { topics: [AccessTokens.card.topic], onRecord: this.take });
      this.view = view;
      try {
        return await view.start();
      } catch (error) {
        if (signal.aborted) return;
        log.error({ cause: String(error) }, 'the API tokens cannot be read, and are refused meanwhile; trying again');
        await view.stop();
        // Rejects when the service stops meanwhile.
        await sleep(againAfterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private readonly take = (record: ConsumedRecord): void => {
    const { table, clock, tellUnreadable } = this.parts;
    const key = record.key?.toString() ?? '';
    if (key.startsWith(reservedKeyPrefix)) return;
    const entry = entryOf(AccessTokens, record, ({ tokenId }) => tokenId);
    if (entry.kind === 'unreadable') tellUnreadable(record, entry.detail);
    else if (entry.kind === 'deleted') table.remove(key, clock.now());
    else table.put(entry.value, clock.now());
  };
}
