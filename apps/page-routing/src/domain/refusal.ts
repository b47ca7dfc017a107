import type { Alert, UnroutedReason } from '@pagebridge/contracts';
import type { ConnectionSummary, Contender, Resolution, Routed } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import { alternativeTo } from './claims.ts';

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
        detail: disabled(handle, resolution.connection.name, alternativeTo(resolution)),
      };
    case 'unknown':
      return { reason: 'unknown-handle', detail: unknown(alert, handle, resolution.nearest?.handle, connections) };
  }
}

// Whoever wrote the handle may not know the other team: it is named, and not paged in silence.
function disabled(handle: string, connection: string, alternative: Contender | undefined): string {
  if (!alternative)
    return `${handle} is known to connection "${connection}", which is disabled. Enable it to page this team.`;
  return `${handle} belongs to connection "${connection}", which is disabled. Enable it, or write ${alternative.qualifiedHandle} to page the team of connection "${alternative.connection.name}".`;
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
