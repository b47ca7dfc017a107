import type { OnApplicationShutdown } from '@nestjs/common';
import type { TokenTable } from '@pagebridge/access';
import { AccessTokens, entryOf, reservedKeyPrefix } from '@pagebridge/contracts';
import type { ConsumedRecord, KafkaSettings } from '@pagebridge/kafka';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { BackgroundTable } from '../kafka/background-table.ts';

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
 * whole topic, and whenever it lags by more than half a minute.
 */
export class TokenReader implements OnApplicationShutdown {
  private readonly source: BackgroundTable;

  constructor(private readonly parts: TokenReaderParts) {
    const failure = 'the API tokens cannot be read and are refused until a retry succeeds';
    this.source = new BackgroundTable({
      ...parts,
      failure,
      topics: [AccessTokens.card.topic],
      onRecord: (record) => this.apply(record),
    });
  }

  start(): void {
    this.source.start();
  }

  /** Returns how long the table may have lagged behind its topic; infinite until the topic was read once. */
  staleMs = (): number => this.source.staleMs();

  isFresh = (): boolean => this.staleMs() <= staleAfterMs;

  health(): { readonly detail: string } {
    return this.source.health();
  }

  onApplicationShutdown(): Promise<void> {
    return this.source.stop();
  }

  private apply(record: ConsumedRecord): void {
    const { table, clock, onUnreadable } = this.parts;
    const key = record.key?.toString() ?? '';
    if (key.startsWith(reservedKeyPrefix)) return;
    const entry = entryOf(AccessTokens, record, ({ tokenId }) => tokenId);
    if (entry.kind === 'unreadable') onUnreadable(record, entry.detail);
    else if (entry.kind === 'deleted') table.remove(key, clock.now());
    else table.put(entry.value, clock.now());
  }
}
