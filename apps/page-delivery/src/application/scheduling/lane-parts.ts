import type { Connection } from '@pagebridge/contracts';
import type { CredentialWatch } from '../credential-watch.ts';
import type { Notices } from '../notices.ts';
import type { Clock } from '../ports.ts';
import type { Backoff } from './backoff.ts';
import type { BreakerSettings } from './circuit-breaker.ts';
import type { Deadlines } from './deadlines.ts';
import type { DestinationGate } from './destination-gate.ts';
import type { Worker } from './job.ts';

export interface LaneSettings extends BreakerSettings {
  readonly concurrency: number;
  /** The backoff between the probes of a refused credential. */
  readonly credentialProbe: Backoff;
}

/** The dependencies of a lane. */
export interface LaneParts {
  readonly settings: LaneSettings;
  readonly worker: Worker;
  readonly credentials: Pick<CredentialWatch, 'isGood' | 'refused' | 'repaired' | 'proven'>;
  readonly notices: Pick<Notices, 'destinationFails' | 'pageWaits'>;
  readonly clock: Clock;
  readonly deadlines: Pick<Deadlines, 'add' | 'delete'>;
  readonly random: () => number;
}

/** The present state of a connection, and the gate of its destination. */
export interface Route {
  readonly connection: Connection;
  readonly gate: DestinationGate;
  /** Changes with each rotation and each passed check of the credential, which invalidates earlier refusals. */
  readonly credential: string;
}
