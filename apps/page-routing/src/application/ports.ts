import type { Alert, Event, SyncRequest, UnroutedReason } from '@pagebridge/contracts';
import type { Decision } from '../domain/decision.ts';
import type { Failover } from '../domain/failover.ts';

/** An alert event with what was decided about it. */
export interface Decided {
  readonly event: Event<Alert>;
  readonly decisions: readonly Decision[];
}

/** A wish for a fresh look, met while routing an alert. */
export interface SyncWish {
  readonly request: SyncRequest;
  /** Trace context of the alert that led to it. */
  readonly traceparent?: string;
}

/** Where decisions go. Resolves once all of them are safe; rejects if that is not known of all, then nothing counts. */
export interface DecisionPublisher {
  publish(decided: readonly Decided[], wishes: readonly SyncWish[]): Promise<void>;
}

export const alertResults = ['paged', 'resolved', 'unrouted', 'no-handles', 'too-many-handles', 'unreadable'] as const;
/** What became of an alert; `paged` if at least one of its handles became a page. */
export type AlertResult = (typeof alertResults)[number];

export interface RoutingMeter {
  alert(result: AlertResult): void;
  decision(kind: Decision['kind']): void;
  unrouted(reason: UnroutedReason): void;
  /** An unknown handle was paged to its org's fallback. */
  fallback(): void;
  /** A page goes out over a connection that names a backup: with the backup's team, or without it and why. */
  failover(result: Failover['result']): void;
  /** An alert stood under a key that is not its identity. */
  keyMismatch(): void;
  batch(durationMs: number): void;
}
