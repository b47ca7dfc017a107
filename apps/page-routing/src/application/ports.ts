import type { Alert, Decoded, Event, SyncRequest, UnroutedHandle, UnroutedReason } from '@pagebridge/contracts';
import type { Routed } from '@pagebridge/handle-registry';
import type { Decision, Unknown } from '../domain/decision.ts';
import type { Failover } from '../domain/failover.ts';

/** An alert as it was read, if it could be, and where it stood. */
export interface ReadAlert {
  readonly read: Decoded<Alert>;
  readonly offset: number;
  /** The length of its value. */
  readonly bytes: number;
  /** Since when it stands in its topic, in milliseconds since the epoch. */
  readonly writtenAtMs: number;
}

/** An alert with what was decided about it. */
export interface Decided {
  readonly event: Event<Alert>;
  readonly offset: number;
  readonly decisions: readonly Decision[];
}

/** A request for a fresh look, made while routing an alert. */
export interface TracedRequest {
  readonly request: SyncRequest;
  /** Trace context of the alert that led to it. */
  readonly traceparent?: string;
}

/** What was decided about some alerts of a batch. */
export interface Decisions {
  readonly decided: readonly Decided[];
  readonly requests: readonly TracedRequest[];
}

/** An alert of which something can never be written, by its own fault; what else follows from it may be written. */
export interface Unwritable {
  readonly offset: number;
  /** What cannot be written and why, for a person. */
  readonly detail: string;
}

/** Where decisions go. */
export interface DecisionPublisher {
  /**
   * Resolves once all that can ever be written is safe; rejects if that is not known of all, then nothing counts, and at
   * once when the signal is aborted.
   */
  publish(decisions: Decisions, signal: AbortSignal): Promise<readonly Unwritable[]>;
}

export const alertResults = [
  'paged',
  'resolved',
  'unrouted',
  'no-handles',
  'too-many-handles',
  'too-old',
  'foreign-source-org',
  'not-its-topic',
  'unwritable',
  'unreadable',
] as const;
/**
 * What became of an alert; `paged` if at least one of its handles became a page. One that is `unwritable` is counted under
 * what was decided as well.
 */
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

/** Where an alert was read. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Told what a person may want to cure, one by one. Alerts that are refused as a whole are told of with their dead letters. */
export interface RoutingNotices {
  unrouted(record: UnroutedHandle): void;
  /** A handle is unknown; the team of its org's fallback handle is paged for it. */
  fellBack(alert: Alert, unknown: Unknown, fallback: Routed): void;
  /** An alert stands under a key that is not its identity. */
  keyDiffers(alert: Alert, key: Buffer | null, place: Place): void;
}
