import type { PageCommand } from '@pagebridge/contracts';
import type { Entry, History } from './history.ts';

/**
 * Returns the pages that page-delivery raised as backups, in the form of a page command for the backup's team.
 *
 * The ledger names them. A backup that only a former owner recorded, after it had lost the partition, counts if it has an
 * outcome or a page.
 */
export function backupsIn(
  { states, outcomes, pages }: History,
  ordered: ReadonlyMap<string, Entry<PageCommand>>,
): Map<string, Entry<PageCommand>> {
  const latest = new Map(states.map((entry) => [entry.key, entry]));
  const spokenOf = new Set([
    ...outcomes.map(({ data }) => data.pageId),
    ...pages.map(({ pageId }) => pageId),
    ...[...latest.values()].flatMap(({ data }) => data.pages.map(({ pageId }) => pageId)),
  ]);
  const backups = new Map<string, Entry<PageCommand>>();
  for (const { pageId, failoverOf, connectionId, teamId, teamHandle } of states.flatMap(({ data }) => data.pages)) {
    const first = failoverOf && ordered.get(failoverOf.pageId);
    if (!first || !spokenOf.has(pageId)) continue;
    const { failover: _failover, ...command } = first.data;
    const data = { ...command, pageId, connectionId, teamId, teamHandle, failoverOf };
    backups.set(pageId, { ...first, eventId: pageId, data });
  }
  return backups;
}
