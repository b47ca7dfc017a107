import type { AlertState, Connection, PageOutcome, PageState, Told } from '@pagebridge/contracts';
import type { RateLimit } from '@pagebridge/destination';
import type { Log, Clock as ServiceClock } from '@pagebridge/vocabulary';
import type { Answer, FailedCause } from '../domain/attempts/settle.ts';
import type { Step } from '../domain/page.ts';
import type { Fact, Owed } from '../domain/report.ts';

export type { Log };

/** What of the clock is used here: nothing sleeps. */
export type Clock = Omit<ServiceClock, 'sleep'>;

/** What is to be written of one alert. */
export interface LedgerWrite {
  readonly partition: number;
  readonly generation: number;
  /** Which of the owner's writes to this partition it belongs to. */
  readonly write: number;
  readonly told: Told | undefined;
  readonly key: string;
  /** Undefined: the alert is forgotten. */
  readonly state: AlertState | undefined;
}

/** An alert that Kafka will never take as it is, by its own fault: too large, or not valid. */
export interface RefusedWrite {
  readonly key: string;
  readonly detail: string;
}

/** What is told after the ledger holds it; `page` where it follows from one. */
export type Telling = Fact & Partial<Pick<Owed, 'page'>>;

/**
 * Writes one partition of the ledger, and what follows from it.
 *
 * Each resolves when all of it is acknowledged by every in-sync replica, and rejects when the signal is aborted: any part
 * may be written then. What may succeed later is tried until it does.
 */
export interface LedgerWriter {
  /** Resolves with the alerts that Kafka will never take; all others are written. */
  states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<readonly RefusedWrite[]>;
  outcomes(tellings: readonly Telling[], signal: AbortSignal): Promise<void>;
  /** The dead letters of pages that were given up. */
  deadLetters(partition: number, owed: readonly Owed[], signal: AbortSignal): Promise<void>;
}

/** What came of a call to a destination, and what it said of its rate limit. */
export type Called = (
  | Exclude<Answer, { kind: 'failed' }>
  | {
      readonly kind: 'failed';
      readonly cause: FailedCause;
      readonly detail: string;
      readonly mayHaveCreated: boolean;
      readonly retryAfterMs?: number;
    }
) & { readonly rateLimit?: RateLimit };

/** What a look at a credential shows: whose it is, and so what it allows. */
export type Diagnosis =
  /** `missing` names the permission that a step needs and the credential lacks. */
  | { readonly kind: 'accepted'; readonly missing: Partial<Record<Step, string>> }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/** The On-Call org behind a connection. No method rejects. */
export interface Destination {
  create(connection: Connection, state: AlertState, page: PageState): Promise<Called>;
  resolve(connection: Connection, destinationPageId: string): Promise<Called>;
  diagnose(connection: Connection): Promise<Diagnosis>;
}

/** Tells connection-management what is wrong with a credential. Rejects when it could not be told. */
export interface ConnectionReporter {
  credentialFault(connection: Connection, detail: string, missingPermission?: string): Promise<void>;
  repaired(connection: Connection): Promise<void>;
}

/** Whether something may be done with our partitions now, see Lease. */
export type Permit = () => boolean;

export interface Telemetry {
  outcome(outcome: PageOutcome, occurredAt?: string): void;
  /** A page failed over to the backup of its connection. */
  failedOver(): void;
  attempt(step: Step, result: Called['kind'] | FailedCause): void;
  ledgerWrite(result: 'ok' | 'failed' | 'refused', alerts: number): void;
  /** Alerts at rest were forgotten before their time, since their org held more than its share. */
  forgotten(alerts: number): void;
}
