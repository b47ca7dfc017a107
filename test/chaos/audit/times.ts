import type { History } from './history.ts';

/** A period without faults of the infrastructure. Times are milliseconds since the epoch. */
export interface Lull {
  /** The end of the last fault. */
  readonly healedAt: number;
  /** The time at which healthy alerts were served again; undefined if they were not within the lull. */
  readonly servedAt?: number;
  readonly until: number;
}

/** The service times of healthy alerts while only the input is hostile. In milliseconds; undefined if not measured. */
export interface Times {
  /** The p99 from an alert in its topic to its page in the destination, for alerts sent in a lull. */
  readonly healthyP99Ms: number | undefined;
  /** The longest time from the end of the faults until healthy alerts were served again. */
  readonly recoveredMs: number | undefined;
  /** The number of measured pages. */
  readonly measured: number;
  /** The number of pages of the flood that waited from before a lull until after it; set if there was a flood. */
  readonly flooded?: number;
  /** The slowest pages over the bound. */
  readonly slowest: readonly Served[];
}

/** A page of an alert that was published at `from`, with the time that it took. */
interface Served {
  readonly key: string;
  readonly pageId: string;
  readonly from: number;
  readonly ms: number;
  /** The part of `ms` until page-routing had written the command. */
  readonly routedMs: number;
  /** The partition of the alert, of its command and of its ledger record. */
  readonly partition: number;
}

export const bounds = { healthyP99Ms: 2_000, recoveredMs: 30_000 } as const;

/**
 * Measures pages of alerts that were sent in a lull after service was restored. Alerts at its end are excluded: the next
 * fault may delay their pages. So are those of `floodOrg`, whose destination is down.
 */
export function timesOf(lulls: readonly Lull[], { alerts, commands, pages }: History, floodOrg?: string): Times {
  const publishedAt = new Map(alerts.map(({ eventId, timestamp }) => [eventId, timestamp]));
  const createdAt = new Map<string, number>();
  for (const page of pages) {
    createdAt.set(page.pageId, Math.min(page.createdAt, createdAt.get(page.pageId) ?? Number.POSITIVE_INFINITY));
  }
  const took = new Map<string, Served>();
  const waitedThrough = new Set<string>();
  for (const { key, data, timestamp, partition } of commands) {
    const from = publishedAt.get(data.alertEventId);
    const to = data.kind === 'page' ? createdAt.get(data.pageId) : undefined;
    if (data.kind !== 'page' || from === undefined || to === undefined) continue;
    if (data.sourceOrg === floodOrg) {
      const covers = ({ servedAt, until }: Lull) => servedAt !== undefined && timestamp <= servedAt && to > until;
      if (lulls.some(covers)) waitedThrough.add(data.pageId);
      continue;
    }
    const isIn = ({ servedAt, until }: Lull): boolean =>
      servedAt !== undefined && servedAt <= from && from <= until - bounds.healthyP99Ms;
    if (lulls.some(isIn)) {
      took.set(data.pageId, { key, pageId: data.pageId, from, ms: to - from, routedMs: timestamp - from, partition });
    }
  }
  const sorted = [...took.values()].toSorted((a, b) => a.ms - b.ms);
  const recovered = lulls.map(({ healedAt, servedAt = Number.POSITIVE_INFINITY }) => servedAt - healedAt);
  const longest = Math.max(...recovered);
  return {
    healthyP99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1]?.ms,
    recoveredMs: Number.isFinite(longest) ? longest : undefined,
    measured: sorted.length,
    ...(floodOrg === undefined ? {} : { flooded: waitedThrough.size }),
    slowest: sorted.filter(({ ms }) => ms > bounds.healthyP99Ms).slice(-10),
  };
}

/** Returns whether hostile input and a flood delayed nobody. A value that was not measured fails. */
export const isInTime = ({ healthyP99Ms, recoveredMs, flooded }: Times): boolean =>
  flooded !== 0 &&
  healthyP99Ms !== undefined &&
  healthyP99Ms <= bounds.healthyP99Ms &&
  recoveredMs !== undefined &&
  recoveredMs <= bounds.recoveredMs;
