import type { Connection } from '@pagebridge/contracts';
import type { Failure } from '@pagebridge/destination';
import type { Clock } from '@pagebridge/vocabulary';
import type { CallPacer } from '../call-pacer.ts';
import type { Destinations } from '../ports.ts';
import { type Fault, keysRefused, refusedBefore } from './fault.ts';
import { type PacedDestination, pacedDestination } from './paced-destination.ts';
import { recheckFault } from './rules/recheck-fault.ts';

interface CredentialState {
  readonly revision: number;
  fault?: Fault;
  /** When the fault began, or this process took over the directory. */
  faultSince?: number;
  /** The destination accepted these keys, here or at a former owner of the directory. */
  isProven: boolean;
  proofDueAt: number;
  /** The number of consecutive refusals. */
  refusals: number;
}

/** The result of opening the destination; both fields are undefined if no credential works. */
export interface Opening {
  readonly destination?: PacedDestination;
  readonly failure?: Failure;
}

export interface CredentialSettings {
  /** The time between two proofs that a credential works. */
  readonly proofMs: number;
  /** The wait before a refused credential is tried again; doubles up to four times while it stays refused. */
  readonly retryMs: number;
}

export interface CredentialParts {
  readonly destinations: Destinations;
  readonly pacer: CallPacer;
  readonly clock: Pick<Clock, 'elapsedMs'>;
  readonly random: () => number;
}

const maxDoublings = 4;

/**
 * The credentials of the enabled connections that use a directory.
 *
 * The directory is read with the first one that works, the oldest connection first. The others are proven from time to time by
 * one cheap call. While a credential is refused, its connection offers no handles.
 */
export class Credentials {
  private readonly states = new Map<string, CredentialState>();
  private connections: readonly Connection[] = [];

  constructor(
    private readonly parts: CredentialParts,
    private readonly settings: CredentialSettings,
  ) {}

  /**
   * Sets the enabled connections, oldest first. A credential that was accepted before `status`, which a former owner of the
   * directory wrote, need not be proven at once.
   */
  update(
    connections: readonly Connection[],
    status: { readonly refused: readonly string[]; readonly at: string } | undefined,
  ): void {
    this.connections = connections;
    const ids = new Set(connections.map(({ connectionId }) => connectionId));
    for (const id of [...this.states.keys()]) if (!ids.has(id)) this.states.delete(id);
    for (const { connectionId, credential } of connections) {
      if (this.states.get(connectionId)?.revision === credential.revision) continue;
      const isOld = status !== undefined && credential.checkedAt <= status.at && credential.former === undefined;
      const wasRefused = isOld && status.refused.includes(connectionId);
      this.states.set(connectionId, {
        revision: credential.revision,
        refusals: 0,
        isProven: isOld && !wasRefused,
        proofDueAt: isOld && !wasRefused ? this.now + this.parts.random() * this.settings.proofMs : this.now,
        ...(wasRefused ? { fault: refusedBefore, faultSince: this.now } : {}),
      });
    }
  }

  /** The connections without a known fault, oldest first. */
  get working(): readonly Connection[] {
    return this.connections.filter(({ connectionId }) => !this.faultOf(connectionId));
  }

  get all(): readonly Connection[] {
    return this.connections;
  }

  /** Returns whether the connection is still in use, with the same keys. */
  isCurrent({ connectionId, credential }: Connection): boolean {
    return this.states.get(connectionId)?.revision === credential.revision;
  }

  faultOf(connectionId: string): Fault | undefined {
    return this.states.get(connectionId)?.fault;
  }

  isProven(connectionId: string): boolean {
    return this.states.get(connectionId)?.isProven ?? false;
  }

  get refused(): string[] {
    return this.connections.flatMap(({ connectionId }) => (this.faultOf(connectionId) ? [connectionId] : []));
  }

  /** The connections whose credential has a fault, by the time at which the fault began. */
  get faultsSince(): ReadonlyMap<string, number> {
    return new Map(
      [...this.states].flatMap(([id, { faultSince }]) => (faultSince === undefined ? [] : [[id, faultSince]])),
    );
  }

  /** Requires that the credential is proven before it counts as working again. */
  requireProof(connectionId: string): void {
    const state = this.states.get(connectionId);
    if (!state) return;
    state.isProven = false;
    state.proofDueAt = this.now;
  }

  refuse({ connectionId, credential }: Connection, fault: Fault): void {
    const state = this.states.get(connectionId);
    if (state?.revision !== credential.revision) return;
    state.fault = fault;
    state.faultSince ??= this.now;
    state.isProven = false;
    const waitMs = this.settings.retryMs * 2 ** Math.min(state.refusals, maxDoublings);
    state.refusals += 1;
    state.proofDueAt = this.jittered(waitMs);
  }

  /** Records that the destination accepted the keys for all calls of a sync. */
  accept({ connectionId, credential }: Connection): void {
    const state = this.states.get(connectionId);
    if (state?.revision !== credential.revision) return;
    delete state.fault;
    delete state.faultSince;
    state.isProven = true;
    state.refusals = 0;
    state.proofDueAt = this.jittered(this.settings.proofMs);
  }

  /** Opens the destination with the first credential that works. A returned failure is not a fault of a credential. */
  async open(signal: AbortSignal): Promise<Opening> {
    for (const connection of this.working) {
      const opening = await this.openWith(connection, signal);
      if (opening.destination || opening.failure) return opening;
    }
    return {};
  }

  get nextProofAt(): number {
    return [...this.states.values()].reduce(
      (next, { proofDueAt }) => Math.min(next, proofDueAt),
      Number.POSITIVE_INFINITY,
    );
  }

  /**
   * Proves one credential that is due, preferably one without any result, because its connection waits for the first report.
   */
  async proveNext(signal: AbortSignal): Promise<void> {
    const next = this.nextDue();
    if (!next) return;
    try {
      await this.prove(next, signal);
    } catch (error) {
      this.postpone(next);
      throw error;
    }
  }

  private nextDue(): Connection | undefined {
    const due = this.connections.filter(
      ({ connectionId }) => (this.states.get(connectionId)?.proofDueAt ?? Number.POSITIVE_INFINITY) <= this.now,
    );
    return due.find(({ connectionId }) => !this.isProven(connectionId) && !this.faultOf(connectionId)) ?? due[0];
  }

  private async prove(connection: Connection, signal: AbortSignal): Promise<void> {
    const { destination, failure } = await this.openWith(connection, signal);
    if (failure) this.postpone(connection);
    if (!destination) return;
    const before = this.faultOf(connection.connectionId);
    const urgency = before || this.isProven(connection.connectionId) ? 'idle' : 'pressing';
    const keys = await destination.validateKeys(urgency);
    if (!keys.ok) {
      if (keys.failure.kind === 'credential') this.refuse(connection, keysRefused(keys.failure));
      else this.postpone(connection);
      return;
    }
    const { fault, unanswered } = before ? await recheckFault(before, destination) : {};
    if (fault) this.refuse(connection, fault);
    else if (unanswered) this.postpone(connection);
    else this.accept(connection);
  }

  private async openWith(connection: Connection, signal: AbortSignal): Promise<Opening> {
    const result = await this.parts.destinations.open(connection);
    if (!result.ok) {
      const { failure } = result;
      if (failure.kind !== 'credential') return { failure };
      this.refuse(connection, { of: 'seal', detail: failure.detail });
      return {};
    }
    return { destination: pacedDestination(connection, result.value, this.parts.pacer, signal) };
  }

  // Without an answer from the destination, the state of the keys stays as it was.
  private postpone({ connectionId }: Connection): void {
    const state = this.states.get(connectionId);
    if (state) state.proofDueAt = this.jittered(this.settings.retryMs);
  }

  // Jitter, because many connections can become new at the same moment.
  private jittered(ms: number): number {
    return this.now + ms * (0.8 + 0.4 * this.parts.random());
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}
