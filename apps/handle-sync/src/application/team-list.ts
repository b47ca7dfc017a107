import type { Failure, Result, Team, TeamList } from '@pagebridge/destination';

const pageSize = 100;
/** 50,000 teams: far past any org, so that a destination which never ends its list holds no look and no memory for ever. */
const mostPages = 500;

export type Listing =
  | { readonly ok: true; readonly teams: readonly Team[]; readonly complete: boolean }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Lists every team of a destination, page after page.
 *
 * A team created or deleted meanwhile shifts the pages and can hide another: a list is `complete` only where its total
 * stood still, it showed as many teams as that, and none of them twice or without an id.
 */
export async function listTeams(
  page: (query: { pageNumber: number; pageSize: number }) => Promise<Result<TeamList>>,
): Promise<Listing> {
  const teams = new Map<string, Team>();
  const totals = new Set<number | undefined>();
  let entries = 0;
  let unreadable = 0;
  for (let pageNumber = 0; pageNumber < mostPages; pageNumber += 1) {
    const answer = await page({ pageNumber, pageSize });
    if (!answer.ok) return answer;
    const { teams: shown, total, last } = answer.value;
    for (const team of shown) teams.set(team.id, team);
    totals.add(total);
    entries += shown.length;
    unreadable += answer.value.unreadable;
    if (!last) continue;
    const stoodStill = totals.size === 1 && (total === undefined || entries + unreadable === total);
    return { ok: true, teams: [...teams.values()], complete: stoodStill && unreadable === 0 && teams.size === entries };
  }
  return { ok: true, teams: [...teams.values()], complete: false };
}
