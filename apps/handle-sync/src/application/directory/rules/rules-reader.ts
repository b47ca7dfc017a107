import type { Failure } from '@pagebridge/destination';
import type { Rules, SeenTeam } from '../../../domain/team.ts';
import type { Urgency } from '../../call-pacer.ts';
import type { PacedDestination } from '../paced-destination.ts';

export interface TeamRules {
  readonly team: SeenTeam;
  readonly rules: Rules;
  readonly failure?: Failure;
}

/** Reads concurrently whether each team has routing rules. */
export function readRules(
  teams: readonly SeenTeam[],
  destination: PacedDestination,
  urgency: Urgency,
): Promise<TeamRules[]> {
  return Promise.all(
    teams.map(async (team): Promise<TeamRules> => {
      const result = await destination.isOnCall(team.teamId, urgency);
      if (result.ok) return { team, rules: result.value ? 'some' : 'none' };
      const { failure } = result;
      return { team, rules: failure.kind === 'credential' ? 'forbidden' : 'unread', failure };
    }),
  );
}
