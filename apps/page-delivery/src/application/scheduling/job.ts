import type { RateLimit } from '@pagebridge/destination';
import type { Urgency } from '@pagebridge/vocabulary';
import type { Answer } from '../../domain/attempts/settle.ts';
import type { Step } from '../../domain/page.ts';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';

/** One step of one page for a lane to do; the ledger knows everything else. */
export interface Job {
  readonly ledgerPartition: LedgerPartition;
  readonly key: string;
  readonly pageId: string;
  readonly connectionId: string;
  readonly step: Step;
  readonly urgency: Urgency;
  readonly isTried: boolean;
  readonly since: number;
}

export interface AttemptResult {
  readonly feedback: Feedback;
  readonly answer?: Answer;
}

/** Does jobs. No method rejects. */
export interface Worker {
  attempt(job: Job): Promise<AttemptResult>;
  /** Records the answer, once the lane has learned from it. */
  record(job: Job, answer: Answer): Promise<void>;
}

/** What an attempt says of the connection and its destination, with the rate limit where the destination named one. */
export type Feedback = (
  | /** It answered. */
  { readonly kind: 'served' }
  /** It asks for a pause. */
  | { readonly kind: 'limited'; readonly pauseMs: number }
  /** It failed. */
  | { readonly kind: 'unhealthy'; readonly detail: string }
  /** It refuses the credential. */
  | { readonly kind: 'credential'; readonly detail: string }
  /** It refuses this page or the credential, and does not say which. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** It was not called. `again`: the job is still to be done. */
  | { readonly kind: 'not-called'; readonly again: boolean }
  /** It was not called: the connection is unknown, or the lease has ended. */
  | { readonly kind: 'blocked' }
) & { readonly rateLimit?: RateLimit };
