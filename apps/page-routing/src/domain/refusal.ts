import type { Alert, UnroutedReason } from '@pagebridge/contracts';
import type { ConnectionSummary, Contender, Resolution, Routed } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import { alternativeTo } from './claims.ts';
import { cureOf, stateOf } from './out-of-use.ts';

export interface Refusal {
  readonly reason: UnroutedReason;
  /** What happened and what helps, for a person. */
  readonly detail: string;
}

export const manualOrigin = (handle: string): Refusal => ({
  reason: 'manual-origin',
  detail: `Only monitors and incident rules page across orgs, so the manual page to ${handle} was refused. Page the team in its own org.`,
});

/** Why a handle that leads to no team became no page. */
export function refusalOf(
  alert: Alert,
  handle: string,
  resolution: Exclude<Resolution, Routed>,
  connections: readonly ConnectionSummary[],
): Refusal {
  switch (resolution.kind) {
    case 'local':
      return {
        reason: 'local',
        detail: `${alert.sourceOrg} declares ${handle} its own, so it is left to that org. Write ${handleOf(`<connection slug>/${resolution.name}`)} to mean a destination's team, or take it off the local handles.`,
      };
    case 'connection-disabled':
      return {
        reason: 'connection-disabled',
        detail: outOfUse(handle, resolution.connection, alternativeTo(resolution)),
      };
    case 'unknown':
      return { reason: 'unknown-handle', detail: unknown(alert, handle, resolution.nearest?.handle, connections) };
  }
}

// Whoever wrote the handle may not know the other team: it is named, and not paged in silence.
function outOfUse(handle: string, connection: ConnectionSummary, alternative: Contender | undefined): string {
  const itself = `connection "${connection.name}", which ${stateOf(connection)}`;
  if (alternative) {
    const instead = `write ${alternative.qualifiedHandle} to page the team of connection "${alternative.connection.name}"`;
    return `${handle} belongs to ${itself}. ${cureOf(connection, instead)}`;
  }
  const cure = connection.deleting ? 'Add another that knows this team.' : 'Enable it to page this team.';
  return `${handle} is known to ${itself}. ${cure}`;
}

function unknown(
  alert: Alert,
  handle: string,
  nearest: string | undefined,
  connections: readonly ConnectionSummary[],
): string {
  if (connections.length === 0) return `${alert.sourceOrg} has no connection, so ${handle} leads nowhere. Add one.`;
  const hint = nearest ? ` Was ${nearest} meant?` : '';
  return `No active connection of ${alert.sourceOrg} knows ${handle}.${hint} A team is known once it has on-call routing rules in its destination; a fresh look was asked for.`;
}
