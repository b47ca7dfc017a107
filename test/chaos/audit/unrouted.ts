import { handleOf } from '@pagebridge/vocabulary';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { History } from './history.ts';
import { steadyReaders } from './known.ts';

/** So long after it was written even a router that was frozen, or cut off from Kafka, knows a handle. */
const marginMs = 60_000;

/**
 * Handles that were said to be unknown although they had been known, and their destination never deleted the team nor took
 * it off call: whatever its lists showed.
 *
 * Only the destination is asked which teams were deleted. The topics cannot say it: they hold what handle-sync believed.
 */
export function unroutedWrongly({ history }: Evidence): Finding[] {
  const known = knownSince(history);
  const firstAlertAt = Math.min(...history.alerts.map(({ timestamp }) => timestamp));
  return history.unrouted.flatMap(({ key, timestamp, data }): Finding[] => {
    if (data.reason !== 'unknown-handle') return [];
    const since = known.get(`${data.sourceOrg} ${data.handle}`);
    if (since === undefined) return [];
    // Before the first alert every router was seen to know the teams of that time.
    if (since > firstAlertAt && timestamp - since < marginMs) return [];
    const detail = `${data.handle} is said to be unknown ${timestamp - since} ms after it was known, and was never deleted`;
    return [{ kind: 'unroutedWrongly', rule: 'U1', key, id: data.alertEventId, detail }];
  });
}

/** Of teams that their destination still has on call: since when each of their handles was known, former ones included. */
function knownSince({ connections, handles, teams }: History): ReadonlyMap<string, number> {
  const there = new Set(teams.flatMap(({ id, isOnCall }) => (isOnCall ? [id] : [])));
  const readers = steadyReaders(connections);
  const since = new Map<string, number>();
  for (const { timestamp, data } of handles) {
    if (!data?.onCall || !there.has(data.teamId)) continue;
    for (const reader of readers.get(data.directory) ?? []) {
      const name = `${reader.sourceOrg} ${handleOf(data.teamHandle)}`;
      const at = Math.max(timestamp, reader.since);
      since.set(name, Math.min(at, since.get(name) ?? at));
    }
  }
  return since;
}
