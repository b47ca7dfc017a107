import { handleOf } from '@pagebridge/vocabulary';
import type { Evidence } from './evidence.ts';
import { firstAt, steadyReaders } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { History } from './history.ts';

/** After this time even a router that was frozen or cut off from Kafka has read a handle. */
const marginMs = 60_000;

/**
 * Finds handles that were unrouted as unknown although they had been known, and their destination neither deleted the team
 * nor took it off call.
 *
 * Only the destination can tell which teams were deleted: the topics contain what handle-sync concluded.
 */
export function unroutedWrongly({ history }: Evidence): Finding[] {
  const known = knownSince(history);
  const firstAlertAt = firstAt(history.alerts);
  return history.unrouted.flatMap(({ key, timestamp, data }): Finding[] => {
    if (data.reason !== 'unknown-handle') return [];
    const since = known.get(`${data.sourceOrg} ${data.handle}`);
    if (since === undefined) return [];
    // Before the first alert, every router was checked to know the teams of that time.
    if (since > firstAlertAt && timestamp - since < marginMs) return [];
    const detail = `${data.handle} is unrouted as unknown ${timestamp - since} ms after it was known, and its team was never deleted`;
    return [{ kind: 'unroutedWrongly', rule: 'U1', key, id: data.alertEventId, detail }];
  });
}

/** Returns since when each handle of a team that is still on call was known, including former handles. */
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
