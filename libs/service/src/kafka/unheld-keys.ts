import type { Log } from '@pagebridge/vocabulary';
import type { Registry } from 'prom-client';
import { showGauge } from '../metrics.ts';

/** The ids of the private keys that this process holds; `kidOf` returns the key id of a sealed credential, undefined if it is not one. */
export interface HeldKeys {
  readonly kids: readonly string[];
  readonly kidOf: (sealed: string) => string | undefined;
}

// The first read of the table takes less than this, so that one log line covers the whole table.
const firstDelayMs = 1000;
const repeatDelayMs = 60_000;
const maxNamed = 10;

/**
 * Reports credentials that are sealed for keys which this process does not hold as soon as their records arrive, before a page
 * or a sync needs them. Logs one line a minute while there are any. The process stays ready, since other credentials work.
 */
export class UnheldKeys {
  private readonly byConnection = new Map<string, readonly string[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    registry: Registry,
    private readonly log: Log,
    private readonly held: HeldKeys,
  ) {
    const help = 'Credentials sealed for a private key that this instance does not have.';
    showGauge(registry, 'pagebridge_credentials_of_unheld_keys', help, () => this.kids().length);
  }

  /** Records the sealed credentials that a connection has now; empty if the connection is gone. */
  readonly sealed = (connectionId: string, sealed: readonly string[]): void => {
    const { kids, kidOf } = this.held;
    const unheld = sealed.map((text) => kidOf(text) ?? '').filter((kid) => !kids.includes(kid));
    if (unheld.length === 0) this.byConnection.delete(connectionId);
    else {
      this.byConnection.set(connectionId, unheld);
      this.timer ??= setTimeout(this.report, firstDelayMs).unref();
    }
  };

  private readonly report = (): void => {
    const kids = this.kids();
    this.timer = kids.length === 0 ? undefined : setTimeout(this.report, repeatDelayMs).unref();
    if (kids.length === 0) return;
    const { kids: held } = this.held;
    const counts = { credentials: kids.length, connections: this.byConnection.size, held };
    const unheld = [...new Set(kids)].slice(0, maxNamed);
    const cure = 'Add their private keys to CREDENTIALS_PRIVATE_KEYS and restart, or reseal them.';
    this.log.error({ ...counts, unheld, cure }, 'private keys of sealed credentials missing');
  };

  private kids(): string[] {
    return [...this.byConnection.values()].flat();
  }
}
