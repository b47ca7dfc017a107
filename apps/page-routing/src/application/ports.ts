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

/** What was decided about some alerts of a batch. */
export interface Decisions {
  readonly decided: readonly Decided[];
  readonly wishes: readonly SyncWish[];
}

/**
 * Where decisions go, part by part while they are being made. Resolves once all of them are safe; rejects if that is not
 * known of all, then nothing counts.
 */
export interface DecisionPublisher {
  publish(parts: AsyncIterable<Decisions>): Promise<void>;
}

export const alertResults = ['paged', 'resolved', 'unrouted', 'no-handles', 'too-many-handles', 'unreadable'] as const;
/** What became of an alert; `paged` if at least one of its handles became a page. */
export type AlertResult = (typeof alertResults)[number];

/** Told how often something happened. */
export interface RoutingMeter {
  alerts(result: AlertResult, count: number): void;
  decisions(kind: Decision['kind'], count: number): void;
  unrouted(reason: UnroutedReason, count: number): void;
  /** Unknown handles were paged to their org's fallback. */
  fallbacks(count: number): void;
  /** Pages go out over connections that name a backup: with the backup's team, or without it and why. */
  failovers(result: Failover['result'], count: number): void;
  /** Alerts stood under a key that is not their identity. */
  keyMismatches(count: number): void;
  batch(durationMs: number): void;
}
