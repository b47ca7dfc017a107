import type { Connection } from '@pagebridge/contracts';
import type { Step } from '../../domain/page.ts';
import type { Clock } from '../ports.ts';
import type { Backoff } from './backoff.ts';
import type { BreakerSettings } from './circuit-breaker.ts';
import type { DestinationGate } from './destination-gate.ts';
import type { Job, Worker } from './job.ts';

export interface LaneSettings extends BreakerSettings {
  readonly concurrency: number;
  /** When a refused credential is tried again: soon after the first refusal, then seldom. */
  readonly credentialProbe: Backoff;
}

/** Diagnoses credentials, and learns of refusals and repairs. */
export interface CredentialEvents {
  /** Asks whether the credential is good for a step; undefined where the destination does not say. Never rejects. */
  isGood(connectionId: string, step: Step): Promise<boolean | undefined>;
  /** The credential is refused for the step of this job, and was not before. */
  refused(job: Job, detail: string): void;
  repaired(connectionId: string): void;
  /** The credential was served for both steps, of which nobody here knew. */
  proven(connectionId: string): void;
}

/** Told what somebody has to mend. */
export interface LaneNotices {
  /** The destination has failed so often in a row that it is called with backoff alone; its pages wait. */
  destinationFails(job: Job, connection: Connection, detail: string): void;
}

/** What each lane works with. */
export interface LaneParts {
  readonly settings: LaneSettings;
  readonly worker: Worker;
  readonly credentials: CredentialEvents;
  readonly notices: LaneNotices;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A connection as it is now, and the gate of its destination. */
export interface Route {
  readonly connection: Connection;
  readonly gate: DestinationGate;
  /** Changes with the credential, and with each check that it passes: earlier refusals count no more. */
  readonly credential: string;
}
