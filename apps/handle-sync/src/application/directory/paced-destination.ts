import type { Connection } from '@pagebridge/contracts';
import type { Result, TeamQuery } from '@pagebridge/destination';
import type { CallPacer, Endpoint, Urgency } from '../call-pacer.ts';
import type { DestinationReader } from '../ports.ts';

/** A destination opened with the credential of a connection for one sync. The pacer delays each call. */
export type PacedDestination = ReturnType<typeof pacedDestination>;

export function pacedDestination(
  connection: Connection,
  destination: DestinationReader,
  pacer: CallPacer,
  signal: AbortSignal,
) {
  const call = <T>(endpoint: Endpoint, urgency: Urgency, send: () => Promise<Result<T>>): Promise<Result<T>> =>
    pacer.call(endpoint, urgency, signal, send);
  return {
    connection,
    teams: (query: TeamQuery, urgency: Urgency) => call('teams', urgency, () => destination.teams(query)),
    isOnCall: (teamId: string, urgency: Urgency) => call('rules', urgency, () => destination.isOnCall(teamId)),
    validateKeys: (urgency: Urgency) => call('keys', urgency, () => destination.validateKeys()),
    currentUser: () => call('keys', 'idle', () => destination.currentUser()),
  };
}
