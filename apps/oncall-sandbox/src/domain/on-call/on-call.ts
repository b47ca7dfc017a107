import type { User } from '../access/users.ts';
import type { Org } from '../org.ts';
import { responderName } from '../seed.ts';
import { seededId } from '../seeded-id.ts';
import type { PageActor } from './pages.ts';
import { sees } from './team-list.ts';
import type { Team } from './teams.ts';

// Every on-call team has one rule, one policy with one step, and one schedule; their ids derive from the team's.
export const policyIdOf = (team: Team): string => seededId('policy', team.id);
export const scheduleIdOf = (team: Team): string => seededId('schedule', team.id);

/** Returns the on-call teams that a user can see. */
export const onCallTeams = (org: Org, user: User): readonly Team[] =>
  org.teams.all().filter((team) => team.onCall === 'on-call' && sees(user, team));

/** Returns the responder, who is the same for every team; nobody if that user is disabled. */
export function respondersOf(org: Org): User[] {
  const user = org.users.find(responderName);
  return user && !user.disabled ? [user] : [];
}

/** Returns the responder as an actor in the destination's own screens, which use no key. */
export const responderOf = (org: Org): PageActor => ({
  userId: org.users.find(responderName)?.id ?? '',
  apiKey: '',
  applicationKey: '',
});

const weekMs = 7 * 24 * 3600 * 1000;

/** Returns the week-long shift that contains an instant. */
export function shiftAt(instant: Date): { readonly start: Date; readonly end: Date } {
  const start = Math.floor(instant.getTime() / weekMs) * weekMs;
  return { start: new Date(start), end: new Date(start + weekMs) };
}
