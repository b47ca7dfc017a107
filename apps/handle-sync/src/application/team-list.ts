import type { Failure, Result, Team, TeamList } from '@pagebridge/destination';

const pageSize = 100;
/** Far more than any org has. Bounds time and memory if a destination never ends its list. */
const maxTeams = 50_000;
const maxPages = maxTeams / pageSize;

export type Listing =
  | { readonly ok: true; readonly teams: readonly Team[]; readonly complete: boolean }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Lists every team of a destination, page by page.
 *
 * A team that is created or deleted meanwhile shifts the pages and can hide another. A list is therefore `complete`
 * only if the total was the same on all pages, the entries add up to it, and no team is listed twice or without an id.
 */
export async function listTeams(
  page: (query: { pageNumber: number; pageSize: number }) => Promise<Result<TeamList>>,
): Promise<Listing> {
  const teams = new Map<string, Team>();
  const totals = new Set<number | undefined>();
  let entries = 0;
  let unreadable = 0;
  for (let pageNumber = 0; pageNumber < maxPages; pageNumber += 1) {
    const answer = await page({ pageNumber, pageSize });
    if (!answer.ok) return answer;
    const { teams: shown, total, last } = answer.value;
    for (const team of shown.slice(0, maxTeams - entries - unreadable)) teams.set(team.id, team);
    totals.add(total);
    entries += shown.length;
    unreadable += answer.value.unreadable;
    const isTooLong = entries + unreadable > maxTeams;
    if (isTooLong || (!last && entries + unreadable === maxTeams)) break;
    if (!last) continue;
    const isConsistent = totals.size === 1 && (total === undefined || entries + unreadable === total);
    return {
      ok: true,
      teams: [...teams.values()],
      complete: isConsistent && unreadable === 0 && teams.size === entries,
    };
  }
  return { ok: true, teams: [...teams.values()], complete: false };
}
