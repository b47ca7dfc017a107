import type { HandleChange } from '@pagebridge/contracts';
import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Change } from './diff-team.ts';

/** What is told of a change: who finds it, and when, stands beside it. */
export type ToldChange = Pick<HandleChange, 'kind' | 'teamHandle' | 'teamName' | 'from'>;

/** What the log of changes says of one; nothing of teams that are not on call. A team that goes has the handle it had. */
export function toldOf({ kind, team, from }: Change, known: KnownTeam | undefined): ToldChange | undefined {
  if (kind === 'noticed' || kind === 'forgotten') return undefined;
  const named = kind === 'removed' ? known : team;
  if (!named) return undefined;
  const { teamHandle, teamName } = named;
  return { kind, teamHandle, teamName, ...(from === undefined ? {} : { from }) };
}
