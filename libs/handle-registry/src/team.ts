import type { Directory } from './directory.ts';
import type { KnownTeam } from './resolution.ts';

/** A known team with its directory. */
export interface Team extends KnownTeam {
  readonly directory: Directory;
}

/** Sorts teams of one directory by the time at which they were first seen, then by id. */
export const byFirstSeen = (a: Team, b: Team): number => a.firstSeen - b.firstSeen || (a.teamId < b.teamId ? -1 : 1);

/** Returns whether the grace period of this former handle of the team has not ended. */
export const isInGrace = ({ formerHandles }: Team, handle: string, now: Date): boolean =>
  formerHandles.some((former) => former.teamHandle === handle && now.getTime() < Date.parse(former.validUntil));

/** Returns each former handle of the team once. */
export const formerNamesOf = ({ formerHandles }: Team): ReadonlySet<string> =>
  formerHandles.length === 0 ? noNames : new Set(formerHandles.map(({ teamHandle }) => teamHandle));

// Shared by nearly all teams, because few were renamed.
const noNames: ReadonlySet<string> = new Set();
