import type { Directory } from './directory.ts';
import type { KnownTeam } from './resolution.ts';

/** A known team, and the directory in which it stands. */
export interface Team extends KnownTeam {
  readonly directory: Directory;
}

/** Of two teams of one directory that have a name, who had it first comes first. */
export const byFirstSeen = (a: Team, b: Team): number => a.firstSeen - b.firstSeen || (a.teamId < b.teamId ? -1 : 1);

/** Does the team's grace period for this former handle go on? */
export const isInGrace = ({ formerHandles }: Team, handle: string, now: Date): boolean =>
  formerHandles.some((former) => former.teamHandle === handle && now.getTime() < Date.parse(former.validUntil));

/** Each once. */
export const formerNamesOf = ({ formerHandles }: Team): ReadonlySet<string> =>
  formerHandles.length === 0 ? noNames : new Set(formerHandles.map(({ teamHandle }) => teamHandle));

// Nearly every team has never been renamed.
const noNames: ReadonlySet<string> = new Set();
