import type { Alert, Decoded, Event, SyncRequest, UnroutedHandle, UnroutedReason } from '@pagebridge/contracts';
import type { Routed } from '@pagebridge/handle-registry';
import type { Decision, Failover, Unknown } from '@pagebridge/routing';

/** The result of decoding an alert record, and its position in the partition. */
export interface ReadAlert {
  readonly read: Decoded<Alert>;
  readonly offset: number;
  /** The length of the record's value. */
  readonly bytes: number;
  /** The timestamp of the record, in milliseconds since the epoch. */
  readonly writtenAtMs: number;
  /** The position of the record, `<topic>/<partition>/<offset>`; undefined for a replay, which comes after newer alerts. */
  readonly alertRecord: string | undefined;
}

/** An alert with the decisions on it. */
export interface Decided {
  readonly event: Event<Alert>;
  readonly offset: number;
  readonly decisions: readonly Decision[];
}

/** A sync request because of an alert. */
export interface TracedRequest {
  readonly request: SyncRequest;
  /** The trace context of the alert. */
  readonly traceparent?: string;
}

/** The decisions on some alerts of a batch, and the sync requests that follow. */
export interface Decisions {
  readonly decided: readonly Decided[];
  readonly requests: readonly TracedRequest[];
}

/** An alert with a record that Kafka will never accept. Its other records may have been written. */
export interface Unwritable {
  readonly offset: number;
  /** Which record cannot be written and why, for a person. */
  readonly detail: string;
}

export interface DecisionPublisher {
  /**
   * Writes decisions. Resolves with the alerts that are not writable, once Kafka has acknowledged all other records. Rejects
   * if the result of a record is not known, and as soon as the signal is aborted; then all alerts must be routed again.
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
 * The result of routing an alert: `paged` if at least one of its handles became a page. An `unwritable` alert also counts
 * under the result of its decisions.
 */
export type AlertResult = (typeof alertResults)[number];

/** Counts the results of routing. */
export interface RoutingMeter {
  alerts(result: AlertResult, count: number): void;
  decisions(kind: Decision['kind'], count: number): void;
  unrouted(reason: UnroutedReason, count: number): void;
  /** Counts unknown handles for which the fallback of their org was paged. */
  fallbacks(count: number): void;
  /** Counts pages over connections that name a backup, by whether the team of the backup was found. */
  failovers(result: Failover['result'], count: number): void;
  /** Counts alerts whose record key is not their identity. */
  keyMismatches(count: number): void;
  batch(durationMs: number): void;
}

/** The position of an alert. */
export interface RecordPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Reports single faults that a person may want to cure. An alert that is refused as a whole is reported by its dead letter. */
export interface RoutingNotices {
  unrouted(record: UnroutedHandle): void;
  /** Reports an unknown handle for which the fallback of its org is paged. */
  fellBack(alert: Alert, unknown: Unknown, fallback: Routed): void;
  /** Reports an alert whose record key is not its identity. */
  keyDiffers(alert: Alert, key: Buffer | null, position: RecordPosition): void;
}
