import type { Connection } from '@pagebridge/contracts';

/** The same keys, sealed anew; what is left out stays as it is. */
export interface Seals {
  readonly sealed?: string;
  readonly former?: string;
}

/**
 * What became of putting seals back. `changed`: the connection is another version now. `gone`: it is not known, or its
 * source org is not to be seen. `later`: nothing answers, or too much is asked of it. `denied`: the next one would be too.
 */
export type Answer =
  | { readonly kind: 'done' | 'changed' }
  | { readonly kind: 'later'; readonly detail: string; readonly afterMs: number }
  | { readonly kind: 'gone' | 'refused' | 'denied'; readonly detail: string };

export interface Api {
  put(connection: Connection, seals: Seals): Promise<Answer>;
}

/** The connections as Kafka has them, and as they change. */
export interface Table {
  readonly connections: ReadonlyMap<string, Connection>;
  /** How many records cannot be read, and so stand for connections that nobody knows. */
  readonly unreadable: number;
  /** Resolves to whether this came true in time, looking at each record that arrives. */
  until(condition: () => boolean, withinMs: number): Promise<boolean>;
}

/** Opens what is sealed for any private key, and seals for the present public one. */
export interface Sealer {
  readonly kid: string;
  kidOf(sealed: string): string;
  /** Rejects where it cannot be opened: its message names the key, and nothing of the keys. */
  reseal(sealed: string, connection: Connection): Promise<string>;
}
