import type { RateLimit } from '@pagebridge/destination';
import type { Urgency } from '@pagebridge/vocabulary';
import type { Answer } from '../../domain/attempts/settle.ts';
import type { Step } from '../../domain/page.ts';
import type { Shard } from '../ledger/shard.ts';

/** One step of one page that a lane is to take; the ledger knows everything else. */
export interface Job {
  readonly shard: Shard;
  readonly key: string;
  readonly pageId: string;
  readonly connectionId: string;
  readonly step: Step;
  readonly urgency: Urgency;
  /** A call for this step was made before. */
  readonly isTried: boolean;
  /** Since when this step has been waiting. */
  readonly since: number;
}

/** What came of an attempt. */
export interface Attempted {
  readonly feedback: Feedback;
  /** What is to be recorded of the page; undefined: nothing. */
  readonly answer?: Answer;
}

/** What an attempt says of the connection and its destination, and what the destination still allows where it told. */
export type Feedback = (
  | /** It answered. */
  { readonly kind: 'served' }
  /** It asks for a pause. */
  | { readonly kind: 'limited'; readonly pauseMs: number }
  /** It is not well. */
  | { readonly kind: 'troubled' }
  /** It refuses the credential, whatever it is used for. */
  | { readonly kind: 'credential'; readonly detail: string }
  /** It refuses this page, or the credential: it does not say which. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** It was not called. `again`: the job is still to be done. */
  | { readonly kind: 'idle'; readonly again: boolean }
  /** It was not called because no call may be made for now, over this connection or at all. */
  | { readonly kind: 'barred' }
  /** The partition has another owner: whether it was called counts no more. */
  | { readonly kind: 'lost' }
) & { readonly rateLimit?: RateLimit };
