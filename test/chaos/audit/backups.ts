import type { PageCommand } from '@pagebridge/contracts';
import type { Entry, History } from './history.ts';

/**
 * Pages that delivery raised as backups, as if they had been ordered: the first page's command, to the backup's team.
 *
 * The ledger names them. One that only a former owner knew of, who wrote after it had lost the partition, counts where
 * something came of it.
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
