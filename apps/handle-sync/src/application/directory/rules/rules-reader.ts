import type { Failure, Result } from '@pagebridge/destination';
import type { Rules, SeenTeam } from '../../../domain/team.ts';

export interface TeamRules {
  readonly team: SeenTeam;
  readonly rules: Rules;
  readonly failure?: Failure;
}

/** Reads whether some teams have routing rules, all at once. */
export function readRules(
  teams: readonly SeenTeam[],
  isOnCall: (teamId: string) => Promise<Result<boolean>>,
): Promise<TeamRules[]> {
  return Promise.all(
    teams.map(async (team): Promise<TeamRules> => {
      const result = await isOnCall(team.teamId);
      if (result.ok) return { team, rules: result.value ? 'some' : 'none' };
      const { failure } = result;
      return { team, rules: failure.kind === 'credential' ? 'forbidden' : 'unread', failure };
    }),
  );
}
