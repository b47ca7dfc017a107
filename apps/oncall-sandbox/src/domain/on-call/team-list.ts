import type { User } from '../access/users.ts';
import type { Org } from '../org.ts';
import { addTeam } from '../seed.ts';
import type { Team } from './teams.ts';

export const teamSorts = ['name', '-name', 'user_count', '-user_count'];

export interface TeamSearch {
  readonly keyword: string | undefined;
  readonly onlyMine: boolean;
  readonly sort: string | undefined;
}

/** Returns whether a user's keys can see a team. */
export const sees = (user: User, { id }: Team): boolean => !user.hiddenTeamIds.has(id);

/** Returns the teams of a search that the user can see, in the requested order or else in that of the org's settings. */
export function teamsListed(org: Org, user: User, search: TeamSearch): readonly Team[] {
  const { sort } = search;
  const ordered = inOrder(org, sort);
  const wanted = asWanted(org, user, search);
  const found = wanted ? ordered.filter(wanted) : ordered;
  if (!sort?.endsWith('user_count')) return found;
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...found].sort((a, b) => sign * (a.memberIds.length - b.memberIds.length));
}

/**
 * Simulates a change between two pages of a list by name or without an order: deletes the first team and adds one that
 * is listed last. The total stays, no team is listed twice, and the first team of the next page is skipped.
 */
export function swapTeams(org: Org, user: User, search: TeamSearch): void {
  const isWhole = search.keyword === undefined && !search.onlyMine && (search.sort ?? 'name') === 'name';
  if (!isWhole || org.settings.swapsAtPageTurns === 0) return;
  const [first] = teamsListed(org, user, search);
  const last = org.teams.byName().at(-1);
  if (!first || !last) return;
  org.settings.swapsAtPageTurns -= 1;
  org.teams.remove(first);
  // The new name begins with the last one, so it is sorted behind it.
  addTeam(org, {
    handle: `made-${org.dependencies.uuid()}`,
    name: `${last.name}+`,
    onCall: first.onCall === 'on-call',
  });
}

function inOrder({ teams, settings }: Org, sort: string | undefined): readonly Team[] {
  if (sort === 'name') return teams.byName();
  if (sort === '-name') return teams.byName().toReversed();
  return settings.teamOrder === 'changing' ? teams.inAnyOrder() : teams.all();
}

/** Returns a filter, undefined for all teams. A keyword is searched in the name, the handle and the members' addresses. */
function asWanted(org: Org, user: User, { keyword, onlyMine }: TeamSearch): ((team: Team) => boolean) | undefined {
  const words = keyword?.toLowerCase();
  if (words === undefined && !onlyMine && user.hiddenTeamIds.size === 0) return undefined;
  const named = words === undefined ? undefined : withWords(org, words);
  return (team) => sees(user, team) && (!onlyMine || team.memberIds.includes(user.id)) && (named?.(team) ?? true);
}

function withWords(org: Org, words: string): (team: Team) => boolean {
  const members = new Set(org.users.all().flatMap(({ id, email }) => (email.includes(words) ? [id] : [])));
  return ({ name, handle, memberIds }) =>
    `${name}\n${handle}`.toLowerCase().includes(words) || memberIds.some((id) => members.has(id));
}

/** Returns a team by id if the user can see it. */
export function teamSeenBy(org: Org, user: User, id: string): Team | undefined {
  const team = org.teams.withId(id);
  return team && sees(user, team) ? team : undefined;
}
