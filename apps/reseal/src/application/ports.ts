import type { Connection } from '@pagebridge/contracts';

/** The same keys, sealed anew. A seal that is left out stays as it is. */
export interface Seals {
  readonly sealed?: string;
  readonly former?: string;
}

/**
 * The result of putting seals back. `changed`: the connection has another version now. `gone`: it is unknown, or the token may
 * not see its org. `later`: nothing answers, or a limit is reached. `denied`: the next request would be denied too.
 */
export type Answer =
  | { readonly kind: 'done' | 'changed' }
  | { readonly kind: 'later'; readonly detail: string; readonly afterMs: number }
  | { readonly kind: 'gone' | 'refused' | 'denied'; readonly detail: string };

export interface Api {
  put(connection: Connection, seals: Seals): Promise<Answer>;
}

/** The connections as Kafka has them, updated as they change. */
export interface Table {
  readonly connections: ReadonlyMap<string, Connection>;
  /** Resolves when the condition becomes true, or the time has passed. Checks it at each record that arrives. */
  until(condition: () => boolean, withinMs: number): Promise<unknown>;
}

/** Opens what is sealed for any private key, and seals for the present public key. */
export interface Sealer {
  readonly kid: string;
  kidOf(sealed: string): string;
  /** Rejects if the seal cannot be opened. The error names the sealing key, and nothing of the credential. */
  reseal(sealed: string, connection: Connection): Promise<string>;
}
