import type { Destination, Failure, Result, Team } from '@pagebridge/destination';
import type { ReadTeam, Rules } from '../domain/team.ts';
import type { PacedCalls } from './paced-calls.ts';

/** So many reads failing in a row mean that the destination is in trouble: the rest is not tried. */
const hopeless = 5;

export type RulesReading =
  | { readonly ok: true; readonly teams: readonly ReadTeam[] }
  /** The credential stopped working on the way. */
  | { readonly ok: false; readonly failure: Failure };

/** Reads which of the teams have routing rules, `concurrency` at a time. */
export async function readRules(
  destination: Pick<Destination, 'isOnCall'>,
  teams: readonly Team[],
  calls: PacedCalls,
  concurrency: number,
): Promise<RulesReading> {
  const rules = new Map<string, Rules>();
  const queue = teams.values();
  let failedInARow = 0;
  let refused: Failure | undefined;
  const reader = async () => {
    for (const { id } of queue) {
      if (refused || failedInARow >= hopeless) return;
      const result = await calls.call(() => destination.isOnCall(id));
      if (!result.ok && result.failure.cause === 'unauthorized') refused = result.failure;
      const seen = rulesOf(result);
      failedInARow = seen === 'unread' ? failedInARow + 1 : 0;
      rules.set(id, seen);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, teams.length) }, reader));
  if (refused) return { ok: false, failure: refused };
  return {
    ok: true,
    teams: teams.map(({ id, handle, name }) => ({
      teamId: id,
      teamHandle: handle,
      teamName: name,
      rules: rules.get(id) ?? 'unread',
    })),
  };
}

function rulesOf(result: Result<boolean>): Rules {
  if (result.ok) return result.value ? 'some' : 'none';
  return result.failure.kind === 'credential' ? 'forbidden' : 'unread';
}
