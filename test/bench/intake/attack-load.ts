import { join } from 'node:path';
import type { IntegrationKind } from '@pagebridge/vocabulary';

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

/** The programs that make the bodies of an attack, that attack, and that send a request of each kind at a usual rate beside them. */
export const packBodies = join(import.meta.dirname, 'programs/pack-bodies.ts');
export const attack = join(import.meta.dirname, 'programs/attack.ts');
export const sendUsual = join(import.meta.dirname, 'programs/send-usual.ts');

export type TokenOfKind = Readonly<Record<IntegrationKind, string>>;

/** Where the bodies of the attackers with these tokens, and of strangers, are put. */
export interface Packing {
  readonly file: string;
  readonly tokens: TokenOfKind;
}

export interface Packed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64. */
  readonly body: string;
}

export interface PackedBodies {
  /** Those of each attacker. */
  readonly attackers: readonly (readonly Packed[])[];
  readonly strangers: readonly Packed[];
}

/** An attack on an instance of this machine, by an integration of each kind and by strangers. */
export interface Attack {
  readonly url: string;
  readonly file: string;
  readonly seconds: number;
  /** The connections of each integration, and of strangers with the worst bodies and without any. */
  readonly connections: number;
  readonly strangers: number;
  readonly silent: number;
}

/** How often an attack was answered, by status; 0: not at all. */
export interface AttackFigures {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly silentConnections: number;
}

export interface UsualLoad {
  readonly url: string;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly startAt: number;
  readonly tokens: TokenOfKind;
  readonly perSecond: number;
}

/** The times of all requests of a kind, also of those that were refused or not answered. */
export interface UsualFigures {
  readonly ms: readonly number[];
  readonly refused: Readonly<Record<string, number>>;
}
