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

/** Whether a team is there for a user's keys. */
export const sees = (user: User, { id }: Team): boolean => !user.hiddenTeamIds.has(id);

/** The teams that a user asks for, as the user sees them: in the order asked for, or in that of the org's settings. */
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
 * What happens between two pages of a list by name or without order: its first team is deleted and another one made,
 * which comes last. The total stays, no team is shown twice, and the one that stood first on the next page is skipped.
 */
export function swapTeams(org: Org, user: User, search: TeamSearch): void {
  const isWhole = search.keyword === undefined && !search.onlyMine && (search.sort ?? 'name') === 'name';
  if (!isWhole || org.settings.swapsAtPageTurns === 0) return;
  const [first] = teamsListed(org, user, search);
  const last = org.teams.byName().at(-1);
  if (!first || !last) return;
  org.settings.swapsAtPageTurns -= 1;
  org.teams.remove(first);
  // Its name begins with that of the last one, so it is sorted behind it.
  addTeam(org, {
    handle: `made-${org.surroundings.uuid()}`,
    name: `${last.name}+`,
    onCall: first.onCall === 'on-call',
  });
}

function inOrder({ teams, settings }: Org, sort: string | undefined): readonly Team[] {
  if (sort === 'name') return teams.byName();
  if (sort === '-name') return teams.byName().toReversed();
  return settings.teamOrder === 'changing' ? teams.inAnyOrder() : teams.all();
}

/** Which teams are wanted, undefined for all of them. A keyword is looked for in name, handle and members' addresses. */
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

/** A team by its id, for the user who may see it. */
export function teamSeenBy(org: Org, user: User, id: string): Team | undefined {
  const team = org.teams.withId(id);
  return team && sees(user, team) ? team : undefined;
}
