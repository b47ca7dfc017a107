import { type AlertState, alertsCardOf } from '@pagebridge/contracts';
import { decide, type GivenUp, pageOf, type Refused, unreadable, whyUnusable } from '@pagebridge/page-ledger';
import type { Label } from '../letters/letter.ts';
import type { Meaning } from '../letters/meaning.ts';
import type { History } from './history.ts';

/** Why a dead letter is not replayed. */
export const skipReasons = [
  'replayed',
  'unreadable',
  'stub',
  'batch',
  'too-old',
  'recovered',
  'collapsed',
  'not-given-up',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface Skip {
  readonly kind: 'skip';
  readonly reason: SkipReason;
  readonly why: string;
}
export const skip = (reason: SkipReason, why: string): Skip => ({ kind: 'skip', reason, why });

/** The effect of a dead letter once it is sent again. */
export type ReplayEffect =
  /** An alert: page-routing decides it like a new one. `resolve`, a recovery: page-delivery ends the pages of the alert. */
  | { readonly kind: 'routed' | 'resolve' }
  /** A new attempt to page the team. */
  | { readonly kind: 'page' }
  /** Nobody is paged: page-delivery parks the command again. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nobody is paged again, because this page of the team or of its backup is open. */
  | { readonly kind: 'joined'; readonly pageId: string; readonly isBackup: boolean };

export type Decision = { readonly kind: 'replay'; readonly effect: ReplayEffect } | Skip;

export interface ForecastOptions {
  /** The reopen age of page-delivery: a trigger that is this much younger than an open page creates a new page. */
  readonly reopenAfterMs: number;
  /** Create a new page even where an open page could be joined. */
  readonly forceNewPage: boolean;
}

// A replay is as old as its reading, and what is only planned is neither forgotten nor called.
const forEver = { maxAgeMs: Infinity, retentionMs: Infinity, connectionGraceMs: Infinity };

/** Asks page-delivery's decision what becomes of dead letters that are sent in this order, from the present ledger on. */
export class Forecast {
  private readonly states = new Map<string, AlertState>();

  constructor(
    private readonly history: History,
    private readonly options: ForecastOptions,
    private readonly now: Date,
  ) {}

  /** Returns what becomes of the next letter. */
  next({ topic, name }: Label, { identity, command }: Meaning): Decision {
    if (!command || alertsCardOf(topic)) return replay({ kind: 'routed' });
    const { now } = this;
    const { forceNewPage, reopenAfterMs } = this.options;
    const before = this.states.get(identity) ?? this.history.ledger.of(identity);
    if (before === 'unreadable') return refusedFor(unreadable);
    const received = {
      ...{ command, time: now.toISOString(), offset: 0 },
      replay: { from: name, possibleDuplicate: false, forceNewPage },
    };
    const { state, events, refused } = decide(before, received, now, { ...forEver, reopenAfterMs });
    this.states.set(identity, state);
    if (command.kind === 'resolve') return replay({ kind: 'resolve' });
    if (refused) return refusedFor(refused);
    const host = events.find(({ outcome }) => outcome.outcome === 'joined')?.outcome.joinedPageId;
    if (host !== undefined) {
      const isBackup = !command.failoverOf && pageOf(state, host)?.failoverOf !== undefined;
      return replay({ kind: 'joined', pageId: host, isBackup });
    }
    const status = pageOf(state, command.pageId)?.status;
    if (state === before) return skip('not-given-up', `the page is ${status}`);
    if (status !== 'pending') return skip('recovered', 'the ledger has a later recovery');
    const connection = this.history.connections.get(command.connectionId);
    const unusable = connection !== 'unreadable' && whyUnusable(command.sourceOrg, connection);
    return unusable ? refusedFor(unusable) : replay({ kind: 'page' });
  }
}

const replay = (effect: ReplayEffect): Decision => ({ kind: 'replay', effect });
const refusedFor = ({ reason, detail }: Refused | GivenUp): Decision =>
  replay({ kind: 'refused', detail: `${reason}: ${detail}` });
