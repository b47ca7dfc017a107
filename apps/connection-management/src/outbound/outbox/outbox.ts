import type { OutgoingRecord } from '@pagebridge/contracts';

export interface OutboxRow extends OutgoingRecord {
  readonly id: string;
  readonly key: string;
}

/** More events are not counted: a long outage of Kafka would make each count slow. */
export const mostCounted = 10_000;

export interface Backlog {
  /** Up to `mostCounted`. */
  readonly records: number;
  readonly oldestAt: Date | undefined;
}

/** What the relay does not read: whole topics, and single keys of other topics. */
export interface PassedOver {
  readonly topics: readonly string[];
  readonly keys: readonly { readonly topic: string; readonly key: string }[];
}

/** The database as the relay sees it. Every method rejects if the database does not answer in time. */
export interface Outbox {
  backlog(): Promise<Backlog>;
  /** Takes the lease for `ms`, by the clock of the database. Returns false while another relay has it. */
  lease(holder: string, ms: number): Promise<boolean>;
  /** Extends the lease. Returns false if another relay has had it since: only then can another relay have published meanwhile. */
  renew(holder: string, ms: number): Promise<boolean>;
  release(holder: string): Promise<void>;
  /** Returns the oldest queued events by id, except those to pass over. */
  oldest(limit: number, passedOver: PassedOver): Promise<readonly OutboxRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Queues the current state of whatever these records describe again. */
  restate(records: readonly OutboxRow[]): Promise<void>;
}
