import type { Transition } from '@pagebridge/vocabulary';

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** What a source says of an alert, with a time by its own clock in milliseconds since 1970, if it gives any. */
export type Says =
  /** It fires since then, and may fire again with this old start after it has recovered. */
  | { readonly state: 'firing'; readonly at: number | undefined; readonly as?: 'no-data' }
  /** An event of that time fired it: if it has recovered after that, this is a late copy. */
  | { readonly state: 'triggered'; readonly at: number | undefined; readonly as?: 'warned' | 'no-data' }
  | { readonly state: 'resolved'; readonly at: number | undefined }
  /** A notification with an id of its own, the same in each copy, is published as it is. */
  | { readonly state: 'notified'; readonly at: number; readonly id: string; readonly transition: Transition };

/** An alert as its source means it; nothing of it but its links is within the bounds of its contract yet. */
export interface SourceAlert {
  /** Identity of the alerting thing within the integration, equal for trigger and recovery. */
  readonly identity: string;
  /** The name by which integrations leave it out of their default handle. */
  readonly name: string;
  readonly says: Says;
  /** After how long the same saying pages anew, if not after the repeat hours of the integration. */
  readonly repeatMs?: number;
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
  /** As `linksOf` returns them: a link that all alerts of a group share is checked once. */
  readonly links: readonly Link[];
}

/** Members of a request that cannot be read: where the first of them is, and why. */
export interface Refusal {
  readonly place: string;
  readonly reason: string;
  readonly members: readonly unknown[];
}

/** Why a body is no request of its source at all: the field, what is wrong with it, and the fix. */
export interface Complaint {
  readonly field: string;
  readonly message: string;
  readonly cure: string;
  /** The problem that it is answered with, if not `not-understood`. */
  readonly problem?: 'foreign-source-org' | 'unsupported-media-type';
}

/** A request as its source means it. Nothing of its members is read yet, since a request may have thousands. */
export interface Reading {
  readonly members: readonly unknown[];
  /** Reads one of the members. */
  readonly read: (member: unknown, index: number) => SourceAlert | Refusal;
  /** Returns a request with these members alone, which can be sent again. */
  readonly requestOf: (members: readonly unknown[]) => unknown;
  /** What is lost of the request as a whole, such as alerts that its sender cut off. */
  readonly notes?: readonly Refusal[];
  /** The fix for a request of which no member can be read. */
  readonly cure: string;
}
