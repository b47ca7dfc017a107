import type { HandleChange } from '@pagebridge/contracts';
import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Change } from './diff-team.ts';

/** The fields of a logged change; the publisher adds the others. */
export type LoggedChange = Pick<HandleChange, 'kind' | 'teamHandle' | 'teamName' | 'from'>;

/** Returns the log entry of a change; undefined for a team off call. A removed team has its former handle. */
export function loggedChangeOf({ kind, team, from }: Change, known: KnownTeam | undefined): LoggedChange | undefined {
  if (kind === 'noticed' || kind === 'forgotten') return undefined;
  const named = kind === 'removed' ? known : team;
  if (!named) return undefined;
  const { teamHandle, teamName } = named;
  return { kind, teamHandle, teamName, ...(from === undefined ? {} : { from }) };
}
