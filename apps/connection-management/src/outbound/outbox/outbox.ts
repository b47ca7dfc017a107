import type { OutgoingRecord } from '@pagebridge/contracts';

export interface OutboxRow extends OutgoingRecord {
  readonly id: string;
  readonly key: string;
}

export interface Backlog {
  readonly records: number;
  readonly oldestAt: Date | undefined;
}

/** What is not read: whole topics, and of others these keys. */
export interface PassedOver {
  readonly topics: readonly string[];
  readonly keys: readonly { readonly topic: string; readonly key: string }[];
}

/** What the relay needs of the database; every method rejects when the database does not answer in time. */
export interface Outbox {
  backlog(): Promise<Backlog>;
  /** Takes the lease for so long, by the database's clock; false while another relay has it. */
  lease(holder: string, ms: number): Promise<boolean>;
  /** Prolongs the lease; false if another relay has had it since, which alone could have published meanwhile. */
  renew(holder: string, ms: number): Promise<boolean>;
  release(holder: string): Promise<void>;
  /** The oldest queued events by id, without those to pass over. */
  oldest(limit: number, passedOver: PassedOver): Promise<readonly OutboxRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Queues what these records told of once more, as it stands now. */
  restate(records: readonly OutboxRow[]): Promise<void>;
}
