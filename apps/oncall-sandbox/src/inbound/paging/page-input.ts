import type { User } from '../../domain/access/users.ts';
import { type PageInput, pageTargetTypes, pageUrgencies } from '../../domain/on-call/pages.ts';
import { sees } from '../../domain/on-call/team-list.ts';
import type { Team } from '../../domain/on-call/teams.ts';
import type { Org } from '../../domain/org.ts';
import { type Answer, objectError } from '../answer.ts';

type Fields = Readonly<Record<string, unknown>>;

const badRequest = (detail: string) => objectError(400, 'Bad Request', detail);
const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Returns the page of a request body, or an answer that refuses it. */
export function pageInput(org: Org, caller: User, body: string): PageInput | Answer {
  const data = readData(body);
  if (!data) return badRequest('could not parse the request body as JSON');
  const complaint = complaintOf(data);
  if (complaint !== undefined) return badRequest(complaint);
  const { title, urgency, description, tags, target } = asFields(data.attributes);
  const { type, identifier } = asFields(target) as { type: string; identifier: string };
  const team = type === 'user_id' ? null : targetTeam(org, caller, type, identifier);
  if (team && 'status' in team) return team;
  if (type === 'user_id' && !org.users.all().some(({ id }) => id === identifier))
    return unknownTarget(type, identifier);
  return {
    title: title as string,
    urgency: urgency as string,
    description: (description as string | undefined) ?? null,
    tags: (tags as string[] | undefined) ?? [],
    target: { type, identifier },
    team: team && { id: team.id, handle: team.handle },
  };
}

function readData(body: string): Fields | undefined {
  try {
    return asFields(asFields(JSON.parse(body)).data);
  } catch {
    // The caller answers 400, so no page is lost.
    return undefined;
  }
}

function complaintOf(data: Fields): string | undefined {
  const { title, urgency, description, tags, target } = asFields(data.attributes);
  const { type, identifier } = asFields(target);
  if (data.type !== 'pages') return `got type "${data.type ?? ''}" expected one of "pages"`;
  if (typeof title !== 'string' || title === '') return 'attribute "title" is required';
  if (!pageUrgencies.includes(urgency as string)) return 'attribute "urgency" must be one of "low", "high"';
  if (description !== undefined && typeof description !== 'string') return 'attribute "description" must be a string';
  if (tags !== undefined && !isTexts(tags)) return 'attribute "tags" must be an array of strings';
  if (!pageTargetTypes.includes(type as string)) return `target type must be one of ${pageTargetTypes.join(', ')}`;
  if (typeof identifier !== 'string' || identifier === '') return 'target identifier is required';
  return undefined;
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');

// The real answer is not known: 404 or 400 in the newer shape is a guess.
function targetTeam(org: Org, caller: User, type: string, identifier: string): Team | Answer {
  const team = type === 'team_id' ? org.teams.withId(identifier) : org.teams.withHandle(identifier);
  if (!team || !sees(caller, team)) return unknownTarget(type, identifier);
  if (team.onCall !== 'on-call') return badRequest(`team "${team.handle}" has no On-Call routing rules`);
  return team;
}

const unknownTarget = (type: string, identifier: string): Answer =>
  objectError(404, 'Not Found', `${type} "${identifier}" not found`);
