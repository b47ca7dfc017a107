import type { Connection } from '@pagebridge/contracts';
import type { Step } from '../../domain/page.ts';
import type { Clock } from '../ports.ts';
import type { Backoff } from './backoff.ts';
import type { BreakerSettings } from './circuit-breaker.ts';
import type { DestinationGate } from './destination-gate.ts';
import type { Job, Worker } from './job.ts';

export interface LaneSettings extends BreakerSettings {
  readonly concurrency: number;
  /** The backoff between the probes of a refused credential. */
  readonly credentialProbe: Backoff;
}

/** Diagnoses credentials, and receives their refusals and repairs. */
export interface CredentialEvents {
  /** Returns whether the credential permits a step; undefined if that cannot be found out. Never rejects. */
  isGood(connectionId: string, step: Step): Promise<boolean | undefined>;
  /** Called when the credential becomes doubted or refused for the step of this job. */
  refused(job: Job, detail: string): void;
  repaired(connectionId: string): void;
  /** Called when the destination has served both steps with the credential, and no fault was known here. */
  proven(connectionId: string): void;
}

/** Logs faults that an operator must fix. */
export interface LaneNotices {
  /** Called after a failed call with a broken circuit breaker, so that the next calls are made with backoff. */
  destinationFails(job: Job, connection: Connection, detail: string): void;
}

/** The dependencies of a lane. */
export interface LaneParts {
  readonly settings: LaneSettings;
  readonly worker: Worker;
  readonly credentials: CredentialEvents;
  readonly notices: LaneNotices;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The present state of a connection, and the gate of its destination. */
export interface Route {
  readonly connection: Connection;
  readonly gate: DestinationGate;
  /** Changes with each rotation and each passed check of the credential, which invalidates earlier refusals. */
  readonly credential: string;
}
