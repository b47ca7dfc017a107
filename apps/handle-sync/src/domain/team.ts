import { teamHandlePattern } from '@pagebridge/vocabulary';

/** A team as the destination lists it now, its handle without `@oncall-`. */
export interface SeenTeam {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

/**
 * What reading a team's routing rules showed: `some` means on call, `none` not on call.
 *
 * `forbidden` is granular access control hiding one team's rules, `unread` a read that failed after its retries: neither
 * says anything about the team, so what was known of it stays.
 */
export type Rules = 'some' | 'none' | 'forbidden' | 'unread';

const legalHandle = new RegExp(teamHandlePattern);
const maxTeamIdLength = 64;
const maxTeamNameLength = 200;

/** The team as its record can hold it; undefined where nobody could mention it. */
export function usableTeam({ teamId, teamHandle, teamName }: SeenTeam): SeenTeam | undefined {
  const isUsable = teamId.length > 0 && teamId.length <= maxTeamIdLength && teamId.isWellFormed();
  if (!isUsable || !legalHandle.test(teamHandle)) return undefined;
  return { teamId, teamHandle, teamName: teamName.slice(0, maxTeamNameLength).toWellFormed() };
}
