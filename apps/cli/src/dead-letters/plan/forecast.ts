import { alertsCardOf, type Joinable, joins, latestOpen } from '@pagebridge/contracts';
import type { Meaning, OrderedPage } from '../letters/meaning.ts';
import { isoOf } from '../letters/record.ts';
import type { History } from './history.ts';

/** The effect of a dead letter once it is sent again. */
export type ReplayEffect =
  /** An alert: page-routing decides it like a new one. */
  | { readonly kind: 'routed' }
  /** A recovery: page-delivery ends the pages of the alert. */
  | { readonly kind: 'resolve' }
  /** A new attempt to page the team. */
  | { readonly kind: 'page' }
  /** Nobody is paged again, because this page of the team or of its backup is open. */
  | { readonly kind: 'joined'; readonly pageId: string; readonly isBackup: boolean };

export interface ForecastOptions {
  /** The reopen age of page-delivery: a trigger that is this much younger than an open page creates a new page. */
  readonly reopenAfterMs: number;
  /** Create a new page even where an open page could be joined. */
  readonly pageAnew: boolean;
}

/**
 * Predicts the effect of dead letters that are sent in this order, from the present ledger.
 *
 * `decidePage` of page-delivery makes the decision when the replay arrives, by the same rules.
 */
export class Forecast {
  private readonly pages = new Map<string, readonly Joinable[]>();

  constructor(
    private readonly history: History,
    private readonly options: ForecastOptions,
    private readonly now: Date,
  ) {}

  /** Returns the effect of the next letter. */
  next(topic: string, { kind, identity, happenedAt, page }: Meaning): ReplayEffect {
    if (alertsCardOf(topic)) return { kind: 'routed' };
    const pages = this.pages.get(identity) ?? this.history.pagesOf(identity);
    if (kind === 'recovery' || !page) {
      const left = pages.filter(({ triggeredAt }) => Date.parse(triggeredAt) > happenedAt);
      this.pages.set(identity, left);
      return { kind: 'resolve' };
    }
    // The new attempt replaces the undeliverable page with the same id.
    const others = pages.filter(({ pageId }) => pageId !== page.pageId);
    const host = this.options.pageAnew ? undefined : this.hostOf(others, page, happenedAt);
    if (host) {
      const isBackup = host.failoverOf !== undefined && page.failoverOf === undefined;
      return { kind: 'joined', pageId: host.pageId, isBackup };
    }
    this.pages.set(identity, [...others, newPage(page, happenedAt, this.now)]);
    return { kind: 'page' };
  }

  private hostOf(pages: readonly Joinable[], page: OrderedPage, happenedAt: number): Joinable | undefined {
    const joinedBefore = pages.find(({ joined }) => joined.includes(page.pageId));
    if (joinedBefore) return joinedBefore;
    const open = latestOpen(pages, page);
    return open && joins(open, page, happenedAt, this.options.reopenAfterMs) ? open : undefined;
  }
}

function newPage(page: OrderedPage, happenedAt: number, now: Date): Joinable {
  const happened = isoOf(happenedAt);
  const times = { occurredAt: happened, triggeredAt: happened, acceptedAt: now.toISOString() };
  return { ...page, ...times, status: 'pending', joined: [] };
}
