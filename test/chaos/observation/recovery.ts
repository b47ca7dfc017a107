import type { History } from '../audit/history.ts';

/** A process that was killed or frozen; `until`: when it was ready again. */
export interface Outage {
  readonly kind: 'kill' | 'pause';
  readonly name: string;
  readonly at: number;
  until?: number;
}

/** The recovery times after kills, in milliseconds. */
export interface Recovery {
  readonly kills: number;
  readonly p50: number;
  readonly max: number;
  /** The kill with the longest recovery. */
  readonly slowest?: string;
  /** The kills of page-delivery while nothing else of the page path was down or recovering, and the longest recovery of them. */
  readonly alone: number;
  readonly aloneMax: number;
}

interface Written {
  readonly partition: number;
  readonly timestamp: number;
}

// The longest recovery: a session timeout and a rebalance.
const settledAfterMs = 15_000;
const onPagePath = (name: string) => /^(page-routing|page-delivery|kafka)/.test(name);

/**
 * Measures from each kill until every partition has a new record: of the commands after a kill of page-routing, of the
 * ledger after one of page-delivery or a broker. For processes outside the page path, until they are ready again.
 */
export function recoveryOf(outages: readonly Outage[], history: History): Recovery {
  const kills = outages.filter(({ kind }) => kind === 'kill');
  const took = kills
    .flatMap((kill) => {
      const ms = recoveredAfter(kill, history);
      return ms === undefined ? [] : [{ kill, ms: Math.round(ms) }];
    })
    .toSorted((a, b) => a.ms - b.ms);
  const alone = took.filter(({ kill, ms }) => kill.name.startsWith('page-delivery') && wasAlone(kill, ms, outages));
  const slowest = took.at(-1);
  return {
    kills: kills.length,
    p50: took[Math.floor(took.length / 2)]?.ms ?? 0,
    max: slowest?.ms ?? 0,
    ...(slowest && { slowest: slowest.kill.name }),
    alone: alone.length,
    aloneMax: alone.at(-1)?.ms ?? 0,
  };
}

function wasAlone(kill: Outage, ms: number, outages: readonly Outage[]): boolean {
  const overlaps = ({ at, until = Number.POSITIVE_INFINITY }: Outage) =>
    at < kill.at + ms && until + settledAfterMs > kill.at;
  return !outages.some((other) => other !== kill && onPagePath(other.name) && overlaps(other));
}

function recoveredAfter({ name, at, until }: Outage, history: History): number | undefined {
  if (name.startsWith('page-routing')) return allWrittenAfter(at, [...history.commands, ...history.unrouted]);
  if (onPagePath(name)) return allWrittenAfter(at, history.states);
  return until === undefined ? undefined : until - at;
}

// A partition without later records had no work.
function allWrittenAfter(at: number, records: readonly Written[]): number | undefined {
  const first = new Map<number, number>();
  for (const { partition, timestamp } of records) {
    if (timestamp > at) first.set(partition, Math.min(timestamp, first.get(partition) ?? Number.POSITIVE_INFINITY));
  }
  return first.size === 0 ? undefined : Math.max(...first.values()) - at;
}
