import { Alerts } from '@pagebridge/contracts';
import { eventTime } from './event-time.ts';
import type { History, LedgerPage } from './history.ts';
import type { Meaning, OrderedPage } from './meaning.ts';
import { isoOf } from './moment.ts';

/** What a dead letter becomes once it is sent again. */
export type Becomes =
  /** An alert: routing decides as if it were new. */
  | { readonly kind: 'routed' }
  /** A recovery: delivery ends the pages of the alert. */
  | { readonly kind: 'resolve' }
  /** A new attempt to page the team. */
  | { readonly kind: 'page' }
  /** Nobody is paged anew: this page is open, for the same team or for the backup that stands in for it. */
  | { readonly kind: 'joined'; readonly pageId: string; readonly isBackup: boolean };

export interface ForecastOptions {
  /** As delivery has it: a trigger this long after the page that it would join pages again. */
  readonly reopenAfterMs: number;
  /** Delivery is asked to page also where it would join. */
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
 * Foretells what delivery will make of dead letters that are sent in this order, by the ledger as it stands.
 *
 * It follows `decidePage` of page-delivery, which alone decides: what happens until then may change the answer.
 */
export class Forecast {
  private readonly pages = new Map<string, readonly Page[]>();

  constructor(
    private readonly history: History,
    private readonly options: ForecastOptions,
    private readonly now: Date,
  ) {}

  /** What the next letter, of this topic and with this meaning, becomes. */
  next(topic: string, { kind, identity, happenedAt, page }: Meaning): Becomes {
    if (topic === Alerts.card.topic) return { kind: 'routed' };
    const pages = this.pages.get(identity) ?? this.history.pagesOf(identity);
    if (kind === 'recovery' || !page) {
      const left = pages.filter(({ triggeredAt }) => Date.parse(triggeredAt) > happenedAt);
      this.pages.set(identity, left);
      return { kind: 'resolve' };
    }
    // The attempt that was given up makes way for the new one.
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
