import type { Connection } from '@pagebridge/contracts';
import type { Failure } from '@pagebridge/destination';
import type { Clock } from '@pagebridge/vocabulary';
import type { CallPacer } from '../call-pacer.ts';
import type { Destinations } from '../ports.ts';
import { type Fault, keysRefused, refusedBefore } from './fault.ts';
import { type Opened, openedWith } from './opened.ts';
import { triedAgain } from './rules/tried-again.ts';

interface Standing {
  readonly revision: number;
  fault?: Fault;
  /** The destination accepted these keys, here or at a former owner of the directory. */
  isProven: boolean;
  proofDueAt: number;
  /** The number of consecutive refusals. */
  refusals: number;
}

/** The result of opening the destination; both fields are undefined if no credential works. */
export interface Opening {
  readonly opened?: Opened;
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

const mostDoublings = 4;

/**
 * The credentials of the enabled connections that use a directory.
 *
 * The directory is read with the first one that works, the oldest connection first. The others are proven from time to time by
 * one cheap call. While a credential is refused, its connection offers no handles.
 */
export class Credentials {
  private readonly standings = new Map<string, Standing>();
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
    for (const id of [...this.standings.keys()]) if (!ids.has(id)) this.standings.delete(id);
    for (const { connectionId, credential } of connections) {
      if (this.standings.get(connectionId)?.revision === credential.revision) continue;
      const isOld = status !== undefined && credential.checkedAt <= status.at && credential.former === undefined;
      const wasRefused = isOld && status.refused.includes(connectionId);
      this.standings.set(connectionId, {
        revision: credential.revision,
        refusals: 0,
        isProven: isOld && !wasRefused,
        proofDueAt: isOld && !wasRefused ? this.now + this.parts.random() * this.settings.proofMs : this.now,
        ...(wasRefused ? { fault: refusedBefore } : {}),
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
  holds({ connectionId, credential }: Connection): boolean {
    return this.standings.get(connectionId)?.revision === credential.revision;
  }

  faultOf(connectionId: string): Fault | undefined {
    return this.standings.get(connectionId)?.fault;
  }

  isProven(connectionId: string): boolean {
    return this.standings.get(connectionId)?.isProven ?? false;
  }

  get refused(): string[] {
    return this.connections.flatMap(({ connectionId }) => (this.faultOf(connectionId) ? [connectionId] : []));
  }

  /** Requires that the credential is proven before it counts as working again. */
  doubt(connectionId: string): void {
    const standing = this.standings.get(connectionId);
    if (!standing) return;
    standing.isProven = false;
    standing.proofDueAt = this.now;
  }

  refuse({ connectionId, credential }: Connection, fault: Fault): void {
    const standing = this.standings.get(connectionId);
    if (standing?.revision !== credential.revision) return;
    standing.fault = fault;
    standing.isProven = false;
    const waitMs = this.settings.retryMs * 2 ** Math.min(standing.refusals, mostDoublings);
    standing.refusals += 1;
    standing.proofDueAt = this.about(waitMs);
  }

  /** Records that the destination accepted the keys for all calls of a sync. */
  accept({ connectionId, credential }: Connection): void {
    const standing = this.standings.get(connectionId);
    if (standing?.revision !== credential.revision) return;
    delete standing.fault;
    standing.isProven = true;
    standing.refusals = 0;
    standing.proofDueAt = this.about(this.settings.proofMs);
  }

  /** Opens the destination with the first credential that works. A returned failure is not a fault of a credential. */
  async open(signal: AbortSignal): Promise<Opening> {
    for (const connection of this.working) {
      const opening = await this.openWith(connection, signal);
      if (opening.opened || opening.failure) return opening;
    }
    return {};
  }

  /** The time at which the next proof is due. */
  get nextProofAt(): number {
    return [...this.standings.values()].reduce(
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
      this.later(next);
      throw error;
    }
  }

  private nextDue(): Connection | undefined {
    const due = this.connections.filter(
      ({ connectionId }) => (this.standings.get(connectionId)?.proofDueAt ?? Number.POSITIVE_INFINITY) <= this.now,
    );
    return due.find(({ connectionId }) => !this.isProven(connectionId) && !this.faultOf(connectionId)) ?? due[0];
  }

  private async prove(connection: Connection, signal: AbortSignal): Promise<void> {
    const { opened, failure } = await this.openWith(connection, signal);
    if (failure) this.later(connection);
    if (!opened) return;
    const before = this.faultOf(connection.connectionId);
    const urgency = before || this.isProven(connection.connectionId) ? 'idle' : 'pressing';
    const keys = await opened.validateKeys(urgency);
    if (!keys.ok) {
      if (keys.failure.kind === 'credential') this.refuse(connection, keysRefused(keys.failure));
      else this.later(connection);
      return;
    }
    const { fault, unheard } = before ? await triedAgain(before, opened) : {};
    if (fault) this.refuse(connection, fault);
    else if (unheard) this.later(connection);
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
    return { opened: openedWith(connection, result.value, this.parts.pacer, signal) };
  }

  // Without an answer from the destination, the state of the keys stays as it was.
  private later({ connectionId }: Connection): void {
    const standing = this.standings.get(connectionId);
    if (standing) standing.proofDueAt = this.about(this.settings.retryMs);
  }

  // Jitter, because many connections can become new at the same moment.
  private about(ms: number): number {
    return this.now + ms * (0.8 + 0.4 * this.parts.random());
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}
