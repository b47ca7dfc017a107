import { swapTeams, type TeamSearch, teamSeenBy, teamSorts, teamsListed } from '../../domain/on-call/team-list.ts';
import type { Team } from '../../domain/on-call/teams.ts';
import { type Answer, badQuery, ok, textErrors } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { listPage, sliceOf, wholeNumber } from './paging-query.ts';

const cap = 100;
const path = '/api/v2/team';

/** The routes of all teams that the caller can see, on call or not. */
export const teamRoutes: readonly Route[] = [
  get(path, guarded('teams_read', listTeams)),
  get(`${path}/:id`, guarded('teams_read', oneTeam)),
];

function oneTeam({ org, caller, params: { id = '' } }: KnownCall): Answer {
  const team = teamSeenBy(org, caller.user, id);
  return team ? ok({ data: teamResource(team, null) }) : textErrors(404, `Team for ID ${id} not found`);
}

function listTeams({ org, caller, query }: KnownCall): Answer {
  const sort = query.get('sort') ?? undefined;
  if (sort !== undefined && !teamSorts.includes(sort)) return badQuery('sort', `one of ${teamSorts.join(', ')}`);
  const keyword = query.get('filter[keyword]') ?? undefined;
  const search: TeamSearch = { sort, keyword, onlyMine: query.get('filter[me]') === 'true' };
  if (Number(query.get('page[number]') ?? query.get('page[offset]')) > 0) swapTeams(org, caller.user, search);
  const found = teamsListed(org, caller.user, search);
  const isNumbered = query.has('page[number]') || query.has('page[size]');
  return isNumbered ? numbered(found, query) : byOffset(found, query);
}

function numbered(found: readonly Team[], query: URLSearchParams): Answer {
  const page = listPage(query, cap);
  if ('status' in page) return page;
  const { number, size } = page;
  const last = Math.max(0, Math.ceil(found.length / size) - 1);
  // The real API returns a next page number even past the end.
  const pagination = {
    type: 'number_size',
    number,
    first_number: 0,
    prev_number: Math.max(0, number - 1),
    next_number: number + 1,
    last_number: last,
    size,
    total: found.length,
  };
  const link = (target: number) => `${path}?page[number]=${target}&page[size]=${size}`;
  const prev = number === 0 ? null : link(number - 1);
  const links = { self: link(number), first: link(0), prev, next: link(number + 1), last: null };
  return answer(sliceOf(found, page), query, pagination, links);
}

// Without `page[number]` and `page[size]` the real API pages by offset, with 100 teams by default.
function byOffset(found: readonly Team[], query: URLSearchParams): Answer {
  const offset = wholeNumber(query, 'page[offset]', 0);
  const asked = wholeNumber(query, 'page[limit]', cap);
  if (typeof offset !== 'number') return offset;
  if (typeof asked !== 'number') return asked;
  const limit = Math.min(Math.max(1, asked), cap);
  const pagination = {
    type: 'offset_limit',
    offset,
    first_offset: 0,
    prev_offset: Math.max(0, offset - limit),
    next_offset: offset + limit,
    last_offset: Math.max(0, Math.ceil(found.length / limit) - 1) * limit,
    limit,
    total: found.length,
  };
  const link = (target: number) => `${path}?page[offset]=${target}&page[limit]=${limit}`;
  const prev = offset === 0 ? null : link(Math.max(0, offset - limit));
  const links = { self: link(offset), first: link(0), prev, next: link(offset + limit), last: null };
  return answer(found.slice(offset, offset + limit), query, pagination, links);
}

function answer(teams: readonly Team[], query: URLSearchParams, pagination: object, links: object): Answer {
  const fields = query.get('fields[team]')?.split(',') ?? null;
  const data = teams.map((team) => teamResource(team, fields));
  return ok({ data, ...(query.has('include') ? { included: [] } : {}), meta: { pagination }, links });
}

function teamResource(team: Team, fields: readonly string[] | null) {
  const attributes = {
    name: team.name,
    handle: team.handle,
    summary: null,
    description: team.description,
    avatar: null,
    banner: 1,
    user_count: team.memberIds.length,
    link_count: 0,
    hidden_modules: [],
    visible_modules: [],
    is_managed: false,
    created_at: team.createdAt,
    modified_at: team.modifiedAt,
  };
  const shown = Object.entries(attributes).filter(([name]) => fields === null || fields.includes(name));
  return {
    type: 'team',
    id: team.id,
    attributes: Object.fromEntries(shown),
    relationships: {
      team_links: { links: { related: `/api/v2/team/${team.id}/links` } },
      user_team_permissions: { links: { related: `/api/v2/team/${team.id}/permission-settings` } },
    },
  };
}
