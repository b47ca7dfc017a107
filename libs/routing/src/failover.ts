import type { PageCommand } from '@pagebridge/contracts';
import type { ConnectionSummary, HandleRegistry } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import { cureOf, stateOf } from './words/out-of-use.ts';

type Named = NonNullable<ConnectionSummary['failover']>;
type Limits = Pick<Named, 'afterFailures' | 'afterSeconds'>;

export const failoverResults = ['found', 'connection-unknown', 'connection-disabled', 'unknown-handle'] as const;

/** The result of looking up a backup: the order for the page command, or why the page has no backup. */
export type Failover =
  | { readonly result: 'found'; readonly order: NonNullable<PageCommand['failover']> }
  | {
      readonly result: Exclude<(typeof failoverResults)[number], 'found'>;
      readonly named: Named;
      /** The fault and the cure, for a person. */
      readonly detail: string;
    };

/** Looks up the backup that a connection names; returns undefined if it names none. The backup of a backup is ignored. */
export function failoverOf(
  registry: Pick<HandleRegistry, 'teamOver'>,
  { sourceOrg, failover: named }: ConnectionSummary,
  now: Date,
): Failover | undefined {
  if (!named) return undefined;
  const { connectionId, teamHandle } = named;
  const found = registry.teamOver(sourceOrg, connectionId, teamHandle, now);
  if (found.kind === 'connection-unknown') {
    return {
      result: found.kind,
      named,
      detail: `The connection ${connectionId} of the backup does not exist. Use another backup.`,
    };
  }
  const { name } = found.connection;
  if (found.kind === 'connection-disabled') {
    return {
      result: found.kind,
      named,
      detail: `The connection "${name}" of the backup ${stateOf(found.connection)}. ${cureOf(found.connection, 'use another backup')}`,
    };
  }
  if (found.kind === 'unknown') {
    const detail = `Connection "${name}" has no team with the handle ${handleOf(teamHandle)}. Use another backup.`;
    return { result: 'unknown-handle', named, detail };
  }
  const order = { connectionId, teamId: found.teamId, teamHandle: found.teamHandle, ...limitsOf(named) };
  return { result: 'found', order };
}

const limitsOf = ({ afterFailures, afterSeconds }: Limits): Limits => ({
  ...(afterFailures === undefined ? {} : { afterFailures }),
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
});
