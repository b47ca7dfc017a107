import type { Log } from '@pagebridge/vocabulary';
import type { Registry } from 'prom-client';
import { showGauge } from '../metrics.ts';

/** The private keys that this process holds, and how to see for which a credential is sealed; undefined: it is no seal. */
export interface HeldKeys {
  readonly kids: readonly string[];
  readonly kidOf: (sealed: string) => string | undefined;
}

// A table is read in a moment: one line then tells of all of it.
const firstAfterMs = 1000;
const againAfterMs = 60_000;
const mostNamed = 10;

/**
 * Says that credentials are sealed for keys which this process does not hold, when their records arrive: before a page or
 * a look needs them. The log has a line a minute while there is one; the process stays ready, since all others work.
 */
export class UnheldKeys {
  private readonly byConnection = new Map<string, readonly string[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    registry: Registry,
    private readonly log: Log,
    private readonly held: HeldKeys,
  ) {
    const help = 'Credentials that are sealed for a key which this instance does not hold.';
    showGauge(registry, 'pagebridge_credentials_of_unheld_keys', help, () => this.kids().length);
  }

  /** How the credentials of a connection are now sealed; none where it is gone. */
  readonly sealed = (connectionId: string, sealed: readonly string[]): void => {
    const { kids, kidOf } = this.held;
    const unheld = sealed.map((text) => kidOf(text) ?? '').filter((kid) => !kids.includes(kid));
    if (unheld.length === 0) this.byConnection.delete(connectionId);
    else {
      this.byConnection.set(connectionId, unheld);
      this.timer ??= setTimeout(this.tell, firstAfterMs).unref();
    }
  };

  private readonly tell = (): void => {
    const kids = this.kids();
    this.timer = kids.length === 0 ? undefined : setTimeout(this.tell, againAfterMs).unref();
    if (kids.length === 0) return;
    const { kids: held } = this.held;
    const its = { credentials: kids.length, connections: this.byConnection.size, held };
    const unheld = [...new Set(kids)].slice(0, mostNamed);
    const cure = 'Add their private keys to CREDENTIALS_PRIVATE_KEYS and restart, or reseal them.';
    this.log.error({ ...its, unheld, cure }, 'credentials are sealed for keys that are not held');
  };

  private kids(): string[] {
    return [...this.byConnection.values()].flat();
  }
}
