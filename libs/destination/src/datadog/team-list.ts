import type { Team, TeamList, TeamQuery } from '../destination.ts';
import { attributesOf, countIn, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

/**
 * Parses a page of teams with either kind of pagination meta, `number_size` or `offset_limit`. Entries beyond the requested page
 * size count as unreadable, so that the caller does not take the list for complete.
 */
export function teamListIn(body: Json, query: TeamQuery): TeamList | undefined {
  const entries = listIn(body.data);
  if (!entries) return undefined;
  const teams = entries.slice(0, query.pageSize).flatMap((entry) => teamIn(entry) ?? []);
  const pagination = objectIn(objectIn(body.meta)?.pagination) ?? {};
  const total = countIn(pagination.total);
  const last = isLast(entries.length, pagination, query, total);
  return { teams, unreadable: entries.length - teams.length, ...(total === undefined ? {} : { total }), last };
}

function isLast(count: number, pagination: Json, query: TeamQuery, total: number | undefined): boolean {
  if (count === 0) return true;
  // The destination may cap the page size, so that a full page is shorter than requested.
  const size = Math.min(query.pageSize, countIn(pagination.size) || countIn(pagination.limit) || query.pageSize);
  if (total === undefined) return count < size;
  const before = countIn(pagination.offset) ?? (countIn(pagination.number) ?? query.pageNumber) * size;
  return before + count >= total;
}

function teamIn(entry: unknown): Team | undefined {
  const team = objectIn(entry);
  const id = idIn(team?.id);
  const handle = textIn(team && attributesOf(team).handle);
  if (!team || id === undefined || handle === undefined) return undefined;
  return { id, handle, name: textIn(attributesOf(team).name) ?? handle };
}
