import type { Destination, Failure, Team } from '@pagebridge/destination';
import type { PacedCalls } from './paced-calls.ts';

const pageSize = 100;
/** A million teams: far past any org, so that a destination which never ends its list does not hold a sync for ever. */
const mostPages = 10_000;
const mostListings = 3;

export type TeamList =
  | { readonly ok: true; readonly teams: readonly Team[]; readonly complete: boolean }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Lists every team of the destination, page after page.
 *
 * A team created or deleted meanwhile shifts the pages and can hide another, so a list whose total changed or that shows
 * a team twice is read again; if it never stands still, or holds entries without an id, it is not `complete`.
 */
export async function listTeams(destination: Pick<Destination, 'teams'>, calls: PacedCalls): Promise<TeamList> {
  for (let listing = 1; ; listing += 1) {
    const list = await listOnce(destination, calls);
    if (!list.ok) return list;
    if (list.still || listing === mostListings) {
      const { teams, still, unreadable } = list;
      return { ok: true, teams: [...teams.values()], complete: still && unreadable === 0 };
    }
  }
}

async function listOnce(destination: Pick<Destination, 'teams'>, calls: PacedCalls) {
  const teams = new Map<string, Team>();
  const totals = new Set<number | undefined>();
  let entries = 0;
  let unreadable = 0;
  for (let pageNumber = 0; ; pageNumber += 1) {
    const page = await calls.call(() => destination.teams({ pageNumber, pageSize }));
    if (!page.ok) return page;
    for (const team of page.value.teams) teams.set(team.id, team);
    totals.add(page.value.total);
    entries += page.value.teams.length;
    unreadable += page.value.unreadable;
    const endless = pageNumber + 1 === mostPages;
    if (page.value.last || endless) {
      const still = !endless && totals.size === 1 && teams.size === entries;
      return { ok: true, teams, unreadable, still } as const;
    }
  }
}
