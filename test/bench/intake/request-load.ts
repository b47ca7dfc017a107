import { join } from 'node:path';

/** The program that sends a load of requests. */
export const sendRequests = join(import.meta.dirname, 'programs/send-requests.ts');

/** A load of requests, each with some alerts that nobody has seen before. */
export interface RequestLoad {
  readonly url: string;
  readonly token?: string;
  /** A webhook as Alertmanager sends it, or the list that it takes itself. */
  readonly form: 'webhook' | 'list';
  readonly alertsEach: number;
  readonly seconds: number;
  /** Requests a second, whether earlier ones were answered or not; 0: sixteen at once, each after an answer. */
  readonly perSecond: number;
  /** The handles of the alerts in turn, without `@oncall-`; by default of a team that nobody knows. */
  readonly teams?: readonly string[];
}

export interface RequestFigures {
  readonly sent: number;
  readonly refused: number;
  readonly alertsPerSecond: number;
  readonly ms: readonly number[];
}
