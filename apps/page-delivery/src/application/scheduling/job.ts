import type { AlertState, PageState } from '@pagebridge/contracts';
import type { RateLimit } from '@pagebridge/destination';
import type { Answer } from '@pagebridge/page-lifecycle';
import { type CallKind, pageOf, workOf } from '@pagebridge/page-lifecycle';
import type { RetryReason, Urgency } from '@pagebridge/vocabulary';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import type { Entry } from './agenda.ts';

/** A call for a page in a lane; all other data is in the ledger. An instance may hold hundreds of thousands. */
export interface Job extends Entry {
  readonly ledgerPartition: LedgerPartition;
  readonly key: string;
  readonly pageId: string;
  readonly connectionId: string;
  readonly teamId: string;
  readonly callKind: CallKind;
  readonly urgency: Urgency;
  readonly isTried: boolean;
  /** Since when the page waits, in ms since the epoch. */
  readonly since: number;
  /** When the destination may be called, by the steady clock; never for a page that is to be given up. */
  readyAt: number;
  /** When the job is overdue, by the steady clock: the page may have to fail over or to be given up. */
  deadline: number;
  /** Whether the job is in its lane; false while its call is running, and at its end. */
  isWaiting: boolean;
  /** Its place in its lane by `since`, which it keeps while its call is running. Belongs to the lane. */
  wait?: Entry & { readonly job: Job };
}

/** Names the call of a job, without its partition of the ledger, which a job holds in memory. */
export type NamedCall = Pick<Job, 'key' | 'pageId' | 'callKind'>;

/** Returns the page of a job with its alert; undefined if the page does not wait for this call any more. */
export function subjectOf({ ledgerPartition, key, pageId, callKind }: Job): Subject | undefined {
  const alert = ledgerPartition.lost ? undefined : ledgerPartition.get(key);
  const page = pageOf(alert, pageId);
  return alert && page && workOf(page) === callKind ? { alert, page } : undefined;
}

export interface Subject {
  readonly alert: AlertState;
  readonly page: PageState;
}

export interface AttemptResult {
  readonly feedback: Feedback;
  readonly answer?: Answer;
}

/** The result of an attempt for its lane and its destination, with the rate limit if the destination named one. */
export type Feedback = (
  | /** The destination answered. */
  { readonly kind: 'served' }
  /** The destination requests a pause. */
  | { readonly kind: 'limited'; readonly pauseMs: number }
  /** The call failed. */
  | { readonly kind: 'unhealthy'; readonly cause: RetryReason; readonly detail: string }
  /** The destination refuses the credential. */
  | { readonly kind: 'credential'; readonly detail: string }
  /** The destination refuses either this page or the credential. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** No call was made, and none is due any more. */
  | { readonly kind: 'not-called' }
  /** No call was made: the ledger partition or the text is slow. */
  | { readonly kind: 'stalled' }
  /** No call was made: the page is to be given up. */
  | { readonly kind: 'overdue' }
  /** No call was made: the connection is unknown, or the lease has ended. */
  | { readonly kind: 'blocked' }
) & { readonly rateLimit?: RateLimit };

/** The order of calls: urgent calls first, and creates before resolves. */
export const ranks = ['high/create', 'high/resolve', 'low/create', 'low/resolve'] as const;
export type Rank = (typeof ranks)[number];

// A table, because a string that is concatenated for each job would be hashed again for each job.
const rankTable = {
  high: { create: 'high/create', resolve: 'high/resolve' },
  low: { create: 'low/create', resolve: 'low/resolve' },
} as const;
export const rankOf = ({ urgency, callKind }: Pick<Job, 'callKind' | 'urgency'>): Rank => rankTable[urgency][callKind];

export const callKindOf = (rank: Rank): CallKind => (rank.endsWith('create') ? 'create' : 'resolve');
