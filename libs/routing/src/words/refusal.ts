import type { Alert, UnroutedReason } from '@pagebridge/contracts';
import type { ConnectionSummary, Contender } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import type { Unrouted } from '../decision.ts';
import { alternativeTo } from './claims.ts';
import { cureOf, stateOf } from './out-of-use.ts';

export interface Refusal {
  readonly reason: UnroutedReason;
  /** The fault and the cure, for a person. */
  readonly detail: string;
}

export const manualOrigin = (handle: string): Refusal => ({
  reason: 'manual-origin',
  detail: `Only monitors and incident rules page across orgs, so the manual page to ${handle} was rejected. Page the team in its own org.`,
});

/** Returns why a handle that leads to no team is unrouted. */
export function refusalOf(
  alert: Alert,
  handle: string,
  resolution: Unrouted,
  connections: readonly ConnectionSummary[],
): Refusal {
  switch (resolution.kind) {
    case 'local':
      return {
        reason: 'local',
        detail: `${handle} is a local handle of ${alert.sourceOrg}, so it pages no destination. Write ${handleOf(`<connection slug>/${resolution.name}`)} to page a team of a destination, or remove it from the local handles.`,
      };
    case 'connection-disabled':
      return {
        reason: 'connection-disabled',
        detail: outOfUse(handle, resolution.connection, alternativeTo(resolution)),
      };
    case 'unknown':
      if (resolution.gap) return { reason: 'registry-incomplete', detail: incomplete(handle, resolution.gap) };
      return { reason: 'unknown-handle', detail: unknown(alert, handle, resolution.nearest?.handle, connections) };
  }
}

// Another team with this handle is only suggested: the author of the alert may not mean it.
function outOfUse(handle: string, connection: ConnectionSummary, alternative: Contender | undefined): string {
  const owner = `connection "${connection.name}", which ${stateOf(connection)}`;
  if (alternative) {
    const instead = `write ${alternative.qualifiedHandle} to page the team of connection "${alternative.connection.name}"`;
    return `${handle} belongs to ${owner}. ${cureOf(connection, instead)}`;
  }
  const cure = connection.deleting ? 'Add another connection with this team.' : 'Enable it to page this team.';
  return `${handle} belongs to ${owner}. ${cure}`;
}

const incomplete = (handle: string, gap: string): string =>
  `${handle} is unknown, and page-routing could not read all handles: ${gap}. Fix this cause. Meanwhile, contact the team in another way.`;

function unknown(
  alert: Alert,
  handle: string,
  nearest: string | undefined,
  connections: readonly ConnectionSummary[],
): string {
  if (connections.length === 0)
    return `${alert.sourceOrg} has no connection, so ${handle} pages nobody. Add a connection.`;
  const hint = nearest ? ` Did you mean ${nearest}?` : '';
  return `No active connection of ${alert.sourceOrg} has the handle ${handle}.${hint} A handle exists once its team has on-call routing rules in its destination and a sync has read the team.`;
}
