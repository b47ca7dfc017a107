import { type AlertState, alertsCardOf } from '@pagebridge/contracts';
import { due, pageOf, step } from '@pagebridge/page-lifecycle';
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

// A replay is as old as its reading, and what is only planned is not forgotten. Its connections are known: none may still appear.
const policy = { maxAgeMs: Infinity, retentionMs: Infinity, connectionGraceMs: 0 };

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
    const received = {
      ...{ command, time: now.toISOString(), offset: 0 },
      replay: { from: name, possibleDuplicate: false, forceNewPage },
    };
    const known = before === 'unreadable' ? undefined : before;
    const admission = before === 'unreadable' ? { obstacle: 'ledger-unreadable' as const } : {};
    const terms = { ...policy, reopenAfterMs, connectionOf: () => undefined };
    const input = { kind: 'commands' as const, received: [received], admission, isWritten: true };
    const { alert: state, effects } = step(known, input, now, terms);
    for (const effect of effects) if (effect.kind === 'park') return refusedFor(effect.refused);
    if (state) this.states.set(identity, state);
    if (command.kind === 'resolve') return replay({ kind: 'resolve' });
    const outcomes = effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.pending.outcome] : []));
    const host = outcomes.find(({ outcome }) => outcome === 'joined')?.joinedPageId;
    if (host !== undefined) {
      const isBackup = !command.failoverOf && pageOf(state, host)?.failoverOf !== undefined;
      return replay({ kind: 'joined', pageId: host, isBackup });
    }
    const page = pageOf(state, command.pageId);
    const status = page?.status;
    if (state === known) return skip('not-given-up', `the page is ${status}`);
    if (status !== 'pending') return skip('recovered', 'the ledger has a later recovery');
    const connection = this.history.connections.get(command.connectionId);
    const what = page && connection !== 'unreadable' && due(command, page, connection, now, terms);
    return what && what.kind === 'give-up' ? refusedFor(what) : replay({ kind: 'page' });
  }
}

const replay = (effect: ReplayEffect): Decision => ({ kind: 'replay', effect });
const refusedFor = ({ reason, detail }: { reason: string; detail: string }): Decision =>
  replay({ kind: 'refused', detail: `${reason}: ${detail}` });
