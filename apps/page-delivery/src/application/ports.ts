import type {
  AlertState,
  Connection,
  ConnectionReport,
  OutcomeWatermark,
  PageCommand,
  PageOutcome,
  PageState,
} from '@pagebridge/contracts';
import type { ReadPage as ListedPage, RateLimit } from '@pagebridge/destination';
import type { Answer, Failed, PendingOutcome } from '@pagebridge/page-lifecycle';
import {
  type CallKind,
  type FoundText,
  type PageText,
  type ReceivedCommand,
  type UnreportedOutcome,
} from '@pagebridge/page-lifecycle';
import type { Log, RetryReason, Clock as ServiceClock } from '@pagebridge/vocabulary';

export type { ListedPage, Log, PendingOutcome };

/** The clock without `sleep`, which page-delivery does not use. */
export type Clock = Omit<ServiceClock, 'sleep'>;

export interface LedgerWrite {
  readonly partition: number;
  readonly ownerEpoch: number;
  /** The number of this write among the owner's writes to the partition, from 1. */
  readonly write: number;
  readonly watermark: OutcomeWatermark | undefined;
  readonly key: string;
  /** Undefined if the alert is forgotten. */
  readonly state: AlertState | undefined;
}

/** A write ended before all of it was acknowledged. Any part may be written. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/**
 * Writes states, outcomes and dead letters of one ledger partition.
 *
 * Each method retries, and resolves once every in-sync replica has acknowledged all records. It rejects with NotWritten when
 * the signal is aborted, or the writer is closed.
 */
export interface LedgerWriter {
  /** Resolves with the keys of the alerts that Kafka will never accept, each with the reason; all others are written. */
  states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  outcomes(outcomes: readonly PendingOutcome[], signal: AbortSignal): Promise<void>;
  deadLetters(partition: number, unreportedOutcomes: readonly UnreportedOutcome[], signal: AbortSignal): Promise<void>;
}

/** The result of a call to a destination, with the rate limit if the answer named one. */
export type CallResult = (Exclude<Answer, { kind: 'failed' }> | Failed) & {
  readonly rateLimit?: RateLimit;
};

/** The state of a credential according to the destination. */
export type Diagnosis =
  /** `missing` has, for each kind of call, the permission that the credential lacks. */
  | { readonly kind: 'accepted'; readonly missing: Partial<Record<CallKind, string>> }
  | { readonly kind: 'refused' }
  /** No call can be made: the credential does not unseal. */
  | { readonly kind: 'unopenable' }
  | { readonly kind: 'unknown' };

/** The texts of pages: those of the latest commands are in memory, the others are read from the topic of the commands. */
export interface PageTexts {
  /** Keeps the text of a command that was just read, until its page is accepted, or later commands need the memory. */
  keep(partition: number, received: ReceivedCommand<PageCommand>): void;
  forget(partition: number, page: PageState): void;
  /** Returns the text if it is in memory. */
  kept(partition: number, alert: AlertState, page: PageState): PageText | undefined;
  /**
   * Reads the text from the command of the page. Resolves with undefined if the topic cannot be read now. Never rejects.
   */
  read(partition: number, alert: AlertState, page: PageState): Promise<FoundText | undefined>;
}

/** The On-Call org behind a connection. No method rejects. */
export interface DestinationClient {
  create(connection: Connection, state: AlertState, page: PageState, text: FoundText): Promise<CallResult>;
  /** `mayBeGone`: whether a page that the destination does not know counts as resolved. */
  resolve(connection: Connection, destinationPageId: string, mayBeGone: boolean): Promise<CallResult>;
  diagnose(connection: Connection): Promise<Diagnosis>;
  /** Reads a part of the pages of the org, those that were modified last first; `part` counts from 0. */
  listPages(connection: Connection, part: number, size: number): Promise<PagesRead>;
  page(connection: Connection, destinationPageId: string): Promise<PagesRead>;
}

/** `refused`: this connection cannot read pages back, and the detail ends with the cure. */
export type PagesRead =
  | { readonly kind: 'read'; readonly pages: readonly ListedPage[] }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'failed'; readonly waitMs: number };

/** A partition without open pages over a connection, with the numbers of its resolved and unresolved pages. */
export interface Drained {
  readonly partition: number;
  readonly resolved: number;
  readonly unresolved: number;
}

export type CredentialFault = Pick<
  Extract<ConnectionReport, { kind: 'credential-fault' }>,
  'detail' | 'missingPermission' | 'unopenable'
>;

/** Reports credentials and drained partitions to connection-management. Rejects if a report was not written. */
export interface ConnectionReporter {
  credentialFault(connection: Connection, fault: CredentialFault): Promise<void>;
  repaired(connection: Connection): Promise<void>;
  /** Reports that no page of a partition is open over the connection any more. */
  drained(connection: Connection, its: Drained): Promise<void>;
  /** Reports that its pages cannot be read back, which is no fault of the credential. */
  pagesUnreadable(connection: Connection, detail: string): Promise<void>;
  pagesReadable(connection: Connection): Promise<void>;
}

export interface Metrics {
  outcome(outcome: PageOutcome, occurredAt?: string): void;
  failedOver(): void;
  attempt(kind: CallKind, result: CallResult['kind'] | RetryReason): void;
  ledgerWrite(result: 'ok' | 'refused'): void;
  /** Counts alerts that were forgotten before their retention ended, because their org exceeded its share. */
  forgotten(alerts: number): void;
  /** Observes for how many seconds a page had been closed in its destination when that was read. */
  closedThere(seconds: number): void;
}
