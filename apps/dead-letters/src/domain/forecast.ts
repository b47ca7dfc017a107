import { alertsCardOf } from '@pagebridge/contracts';
import { eventTime } from './event-time.ts';
import type { History, LedgerPage } from './history.ts';
import type { Meaning, OrderedPage } from './meaning.ts';
import { isoOf } from './moment.ts';

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

type Page = Pick<
  LedgerPage,
  | 'pageId'
  | 'connectionId'
  | 'teamId'
  | 'failoverOf'
  | 'urgency'
  | 'status'
  | 'ending'
  | 'replacedBy'
  | 'joined'
  | 'occurredAt'
  | 'triggeredAt'
  | 'acceptedAt'
>;

/**
 * Predicts the effect of dead letters that are sent in this order, from the present ledger.
 *
 * Mirrors `decidePage` of page-delivery, which makes the decision when the replay arrives.
 */
export class Forecast {
  private readonly pages = new Map<string, readonly Page[]>();

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

  private hostOf(pages: readonly Page[], page: OrderedPage, happenedAt: number): Page | undefined {
    const joinedBefore = pages.find(({ joined }) => joined.includes(page.pageId));
    if (joinedBefore) return joinedBefore;
    const open = pages
      .filter((other) => isOpen(other) && isForSameTeam(other, page) && !isRacing(other, page))
      .toSorted((a, b) => pagedAt(a) - pagedAt(b) || (a.failoverOf ? -1 : 1))
      .at(-1);
    return open && joins(open, page, happenedAt, this.options) ? open : undefined;
  }
}

const isOpen = ({ status, ending, replacedBy }: Page): boolean =>
  ['pending', 'attempting', 'delivered'].includes(status) && ending === undefined && replacedBy === undefined;

const failoverGroupId = ({ pageId, failoverOf }: Pick<Page, 'pageId' | 'failoverOf'>): string =>
  failoverOf?.pageId ?? pageId;
const isSameFailoverGroup = (a: Page, b: OrderedPage): boolean => failoverGroupId(a) === failoverGroupId(b);
const isRacing = (open: Page, page: OrderedPage): boolean =>
  isSameFailoverGroup(open, page) && open.status !== 'delivered';

function isForSameTeam(a: Page, b: OrderedPage): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}

const pagedAt = ({ occurredAt, acceptedAt }: Page): number => eventTime(occurredAt, Date.parse(acceptedAt));

function joins(open: Page, { urgency }: OrderedPage, happenedAt: number, { reopenAfterMs }: ForecastOptions): boolean {
  if (urgency === 'high' && open.urgency === 'low' && happenedAt >= Date.parse(open.triggeredAt)) return false;
  return open.status !== 'delivered' || happenedAt - pagedAt(open) < reopenAfterMs;
}

function newPage(page: OrderedPage, happenedAt: number, now: Date): Page {
  const happened = isoOf(happenedAt);
  const times = { occurredAt: happened, triggeredAt: happened, acceptedAt: now.toISOString() };
  return { ...page, ...times, status: 'pending', joined: [] };
}
