import type { Transition } from '@pagebridge/vocabulary';

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** An alert as its source means it; nothing of it is bounded or checked yet. */
export interface SourceAlert {
  /** Identity of the alerting thing within the integration, equal for trigger and recovery. */
  readonly identity: string;
  /** The name by which integrations leave it out of their default handle. */
  readonly name: string;
  readonly firing: boolean;
  /** What a firing of it is called; `triggered` if not given. */
  readonly transition?: Extract<Transition, 'warned' | 'no-data'>;
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** A notification with an id of its own, the same in a retry, needs no memory of the alert. */
  readonly notification?: { readonly id: string; readonly at: Date; readonly transition: Transition };
  readonly origin?: 'incident-rule';
  readonly title: string;
  /** Texts that people wrote: handles in them count. */
  readonly texts: readonly string[];
  /** Facts as `key=value`, which whoever controls a label may have written: handles in them do not count. */
  readonly facts: readonly string[];
  /** Handles of the field `oncall`, with or without `@oncall-`. */
  readonly oncall: readonly string[];
  readonly priority: string | undefined;
  readonly severity: string | undefined;
  readonly tags: readonly string[];
  readonly links: readonly Link[];
}

/** An alert of a request that cannot be read: where it stands, why, and a request with it alone, which can be sent again. */
export interface Refusal {
  readonly place: string;
  readonly reason: string;
  readonly request: unknown;
}

/** What was read of a request. */
export interface Reading {
  readonly alerts: readonly SourceAlert[];
  readonly refused: readonly Refusal[];
}
