import type { PageCommand } from '@pagebridge/contracts';
import type { ConnectionSummary, HandleRegistry } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import { cureOf, stateOf } from './out-of-use.ts';

type Named = NonNullable<ConnectionSummary['failover']>;
type Limits = Pick<Named, 'afterFailures' | 'afterSeconds'>;

export const failoverResults = ['found', 'connection-unknown', 'connection-disabled', 'unknown-handle'] as const;

/** What became of the backup that a connection names: the team it leads to, or why its pages go out without. */
export type Failover =
  | { readonly result: 'found'; readonly order: NonNullable<PageCommand['failover']> }
  | {
      readonly result: Exclude<(typeof failoverResults)[number], 'found'>;
      readonly named: Named;
      /** What is missing, and what helps. */
      readonly detail: string;
    };

/** Looks up the backup of a connection as it is now; undefined where it names none. A backup's own backup does not count. */
export function failoverOf(
  registry: Pick<HandleRegistry, 'teamOver'>,
  { sourceOrg, failover: named }: ConnectionSummary,
  now: Date,
): Failover | undefined {
  if (!named) return undefined;
  const { connectionId, teamHandle } = named;
  const answer = registry.teamOver(sourceOrg, connectionId, teamHandle, now);
  if (answer.kind === 'connection-unknown') {
    return {
      result: answer.kind,
      named,
      detail: `Its connection ${connectionId} does not exist. Name another backup.`,
    };
  }
  const { name } = answer.connection;
  if (answer.kind === 'connection-disabled') {
    return {
      result: answer.kind,
      named,
      detail: `Its connection "${name}" ${stateOf(answer.connection)}. ${cureOf(answer.connection, 'name another backup')}`,
    };
  }
  if (answer.kind === 'unknown') {
    const detail = `Connection "${name}" knows no ${handleOf(teamHandle)}. Name another backup.`;
    return { result: 'unknown-handle', named, detail };
  }
  const order = { connectionId, teamId: answer.teamId, teamHandle: answer.teamHandle, ...limitsOf(named) };
  return { result: 'found', order };
}

const limitsOf = ({ afterFailures, afterSeconds }: Limits): Limits => ({
  ...(afterFailures === undefined ? {} : { afterFailures }),
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
});
