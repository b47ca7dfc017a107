import type { History } from './audit/history.ts';
import type { Kill } from './faults/fault.ts';

/** How long it took after kills until all went on, in milliseconds. */
export interface Recovery {
  readonly kills: number;
  readonly p50: number;
  readonly max: number;
  /** Whose kill it was that took longest. */
  readonly slowest?: string;
}

interface Written {
  readonly partition: number;
  readonly timestamp: number;
}

/**
 * From each kill until every partition was written to again by what the killed process does: commands for a router, the
 * ledger for delivery and for a broker. For what is not on the page path, until it was ready again.
 */
export function recoveryOf(kills: readonly Kill[], history: History): Recovery {
  const took = kills.flatMap((kill) => {
    const ms = recoveredAfter(kill, history);
    return ms === undefined ? [] : [{ ms: Math.round(ms), name: kill.name }];
  });
  const sorted = took.toSorted((a, b) => a.ms - b.ms);
  const slowest = sorted.at(-1);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return {
    kills: kills.length,
    p50: middle?.ms ?? 0,
    max: slowest?.ms ?? 0,
    ...(slowest && { slowest: slowest.name }),
  };
}

function recoveredAfter({ name, at, readyAt }: Kill, history: History): number | undefined {
  if (name.startsWith('page-routing')) return allWrittenAfter(at, [...history.commands, ...history.unrouted]);
  if (name.startsWith('page-delivery') || name.startsWith('kafka')) return allWrittenAfter(at, history.states);
  return readyAt === undefined ? undefined : readyAt - at;
}

// A partition that nothing was written to any more had nothing to write.
function allWrittenAfter(at: number, records: readonly Written[]): number | undefined {
  const first = new Map<number, number>();
  for (const { partition, timestamp } of records) {
    if (timestamp > at) first.set(partition, Math.min(timestamp, first.get(partition) ?? Number.POSITIVE_INFINITY));
  }
  return first.size === 0 ? undefined : Math.max(...first.values()) - at;
}
