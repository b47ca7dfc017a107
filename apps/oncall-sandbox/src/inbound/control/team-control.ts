import { teamHandlePattern } from '@pagebridge/vocabulary';
import type { Team } from '../../domain/on-call/teams.ts';
import type { Org } from '../../domain/org.ts';
import { nameOf, responderName } from '../../domain/seed.ts';
import { Fields, invalid } from '../../fields.ts';
import { ControlRefusal, unknown } from './control-refusal.ts';

const known = ['handle', 'name', 'id', 'description', 'onCall'];

/** Returns a team by id or handle; throws a ControlRefusal if it is unknown. */
export function teamIn(org: Org, idOrHandle: string): Team {
  const team = org.teams.withId(idOrHandle) ?? org.teams.withHandle(idOrHandle);
  if (!team) throw unknown('team', idOrHandle);
  return team;
}

/** Adds a team, on call by default. */
export function addTeam(org: Org, body: unknown): Team {
  const fields = new Fields(body, known);
  const handle = handleIn(fields.text('handle'));
  const name = fields.optionalText('name') ?? nameOf(handle);
  requireFree(org, name, handle);
  const responder = org.users.find(responderName);
  return org.teams.add({
    id: fields.optionalText('id') ?? org.dependencies.uuid(),
    name,
    handle,
    description: fields.optionalText('description') ?? null,
    onCall: fields.optionalFlag('onCall') === false ? 'never' : 'on-call',
    memberIds: responder ? [responder.id] : [],
    createdAt: org.dependencies.now(),
  });
}

/** Replaces all teams; a team with the same handle keeps its id. */
export function replaceTeams(org: Org, body: unknown): readonly Team[] {
  if (!Array.isArray(body)) throw invalid('body must be a list of teams');
  const before = new Map(org.teams.all().map((team) => [team.handle, team.id]));
  const given = body.map((item) => (typeof item === 'string' ? { handle: item } : item));
  org.teams.clear();
  for (const item of given) addTeam(org, { id: before.get(item?.handle), ...item });
  return org.teams.all();
}

/** Changes name, handle or description of a team; the id stays. */
export function changeTeam(org: Org, team: Team, body: unknown): Team {
  const fields = new Fields(body, ['handle', 'name', 'description']);
  const handle = handleIn(fields.optionalText('handle') ?? team.handle);
  const name = fields.optionalText('name') ?? team.name;
  requireFree(org, name, handle, team);
  org.teams.rename(team, name, handle);
  team.description = fields.optionalText('description') ?? team.description;
  team.modifiedAt = org.dependencies.now();
  return team;
}

function requireFree(org: Org, name: string, handle: string, except?: Team): void {
  if (org.teams.isTaken(name, handle, except)) throw new ControlRefusal(409, 'Team name and handle must be unique');
}

function handleIn(handle: string): string {
  if (!new RegExp(teamHandlePattern).test(handle)) throw invalid(`body.handle must match ${teamHandlePattern}`);
  return handle;
}
