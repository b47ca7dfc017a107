import type { AlertState, Connection, OutcomeWatermark, PageOutcome, PageState } from '@pagebridge/contracts';
import type { RateLimit } from '@pagebridge/destination';
import type { Log, Clock as ServiceClock } from '@pagebridge/vocabulary';
import type { Answer, RetryCause } from '../domain/attempts/settle.ts';
import type { OutcomeEvent, UnreportedOutcome } from '../domain/outcomes.ts';
import type { Step } from '../domain/page.ts';

export type { Log };

/** The clock without `sleep`: nothing here sleeps. */
export type Clock = Omit<ServiceClock, 'sleep'>;

export interface LedgerWrite {
  readonly partition: number;
  readonly generation: number;
  /** The number of the owner's write to this partition, from 1. */
  readonly write: number;
  readonly watermark: OutcomeWatermark | undefined;
  readonly key: string;
  /** Undefined: the alert is forgotten. */
  readonly state: AlertState | undefined;
}

/** An alert that Kafka will never take: it is too large, or not valid. */
export interface RefusedWrite {
  readonly key: string;
  readonly detail: string;
}

/** An outcome to publish once the ledger holds what it follows from; `page` is set where it is the outcome of a page. */
export type PendingOutcome = OutcomeEvent & Partial<Pick<UnreportedOutcome, 'page'>>;

/**
 * Writes one partition of the ledger, its outcomes and its dead letters.
 *
 * A method resolves when every in-sync replica has acknowledged all of it. It retries until then, and rejects when the
 * signal is aborted: any part may be written in that case.
 */
export interface LedgerWriter {
  /** Resolves with the alerts that Kafka will never take; all others are written. */
  states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<readonly RefusedWrite[]>;
  outcomes(outcomes: readonly PendingOutcome[], signal: AbortSignal): Promise<void>;
  deadLetters(partition: number, unreportedOutcomes: readonly UnreportedOutcome[], signal: AbortSignal): Promise<void>;
}

/** The result of a call to a destination, with its rate limit where it named one. */
export type CallResult = (
  | Exclude<Answer, { kind: 'failed' }>
  | {
      readonly kind: 'failed';
      readonly cause: RetryCause;
      readonly detail: string;
      readonly mayHaveCreated: boolean;
      readonly retryAfterMs?: number;
    }
) & { readonly rateLimit?: RateLimit };

/** What the destination says of a credential. */
export type Diagnosis =
  /** `missing` names the permission that a step needs and the credential lacks. */
  | { readonly kind: 'accepted'; readonly missing: Partial<Record<Step, string>> }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/** The On-Call org behind a connection. No method rejects. */
export interface DestinationClient {
  create(connection: Connection, state: AlertState, page: PageState): Promise<CallResult>;
  resolve(connection: Connection, destinationPageId: string): Promise<CallResult>;
  diagnose(connection: Connection): Promise<Diagnosis>;
}

/** A partition of which nothing is open over a connection, and what became of its pages. */
export interface Drained {
  readonly partition: number;
  readonly resolved: number;
  readonly unresolved: number;
}

/** Reports to connection-management the state of a credential, and that a deletion may go on. Rejects when the report was not written. */
export interface ConnectionReporter {
  credentialFault(connection: Connection, detail: string, missingPermission?: string): Promise<void>;
  repaired(connection: Connection): Promise<void>;
  /** Of a partition no page is open over it any more. */
  drained(connection: Connection, its: Drained): Promise<void>;
}

/** Whether this process may act on its partitions now, see Lease. */
export type Permit = () => boolean;

export interface Metrics {
  outcome(outcome: PageOutcome, occurredAt?: string): void;
  failedOver(): void;
  attempt(step: Step, result: CallResult['kind'] | RetryCause): void;
  ledgerWrite(result: 'ok' | 'failed' | 'refused'): void;
  /** Alerts at rest were forgotten before their retention ended: their org held more than its share. */
  forgotten(alerts: number): void;
}
