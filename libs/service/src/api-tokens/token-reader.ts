import type { OnApplicationShutdown } from '@nestjs/common';
import type { TokenTable } from '@pagebridge/access';
import { AccessTokens, entryOf, reservedKeyPrefix } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, partitionFor } from '@pagebridge/kafka';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { BackgroundTable } from '../kafka/background-table.ts';

export interface TokenReaderParts {
  readonly settings: KafkaSettings;
  readonly table: TokenTable;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly retryDelayMs?: number;
}

/** A table that is older than this may lack a revocation. */
const staleAfterMs = 30_000;

/**
 * Keeps the table of API tokens in step with its topic.
 *
 * API tokens are refused until it has read the topic, and whenever it lags by more than half a minute: a known token if its partition
 * does, an unknown one if any does.
 */
export class TokenReader implements OnApplicationShutdown {
  private readonly source: BackgroundTable;

  constructor(private readonly parts: TokenReaderParts) {
    const failure = 'reading API tokens failed; tokens rejected; retrying';
    this.source = new BackgroundTable({
      ...parts,
      failure,
      topics: [AccessTokens.card.topic],
      mayHaveGaps: true,
      onRecord: (record) => this.apply(record),
    });
  }

  start(): void {
    this.source.start();
  }

  /** Resolves when the topic has been read to its end once. */
  firstRead(): Promise<void> {
    return this.source.firstRead();
  }

  isFresh = (tokenId?: string): boolean => {
    const { partitions } = AccessTokens.card;
    const ms = tokenId === undefined ? this.source.staleMs() : this.source.staleMsOf(partitionFor(tokenId, partitions));
    return ms <= staleAfterMs;
  };

  /** Ready as long as some tokens can be accepted. */
  health(): { readonly ready: boolean; readonly detail: string } {
    return { ready: this.source.leastStaleMs() <= staleAfterMs, ...this.source.health() };
  }

  onApplicationShutdown(): Promise<void> {
    return this.source.stop();
  }

  private apply(record: ConsumedRecord): string | undefined {
    const { table, clock } = this.parts;
    const key = record.key?.toString() ?? '';
    if (key.startsWith(reservedKeyPrefix)) return undefined;
    const entry = entryOf(AccessTokens, record, ({ tokenId }) => tokenId);
    if (entry.kind === 'unreadable') return entry.detail;
    if (entry.kind === 'deleted') table.remove(key, clock.now());
    else table.put(entry.value, clock.now());
    return undefined;
  }
}
