import { teamHandlePattern } from '@pagebridge/vocabulary';

/** A team as the destination lists it, with its handle without `@oncall-`. */
export interface SeenTeam {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

/**
 * The result of reading the routing rules of a team: `some` means on call, `none` off call.
 *
 * `forbidden`: access control hides the rules of this team. `unread`: the read failed after its retries. Both are no
 * evidence, so the known state stays.
 */
export type Rules = 'some' | 'none' | 'forbidden' | 'unread';

const legalHandle = new RegExp(teamHandlePattern);
const maxTeamIdLength = 64;
const maxTeamNameLength = 200;

/** Returns the team as its record can hold it; undefined if no alert could mention it. */
export function usableTeam({ teamId, teamHandle, teamName }: SeenTeam): SeenTeam | undefined {
  const isUsable = teamId.length > 0 && teamId.length <= maxTeamIdLength && teamId.isWellFormed();
  if (!isUsable || !legalHandle.test(teamHandle)) return undefined;
  return { teamId, teamHandle, teamName: teamName.slice(0, maxTeamNameLength).toWellFormed() };
}
