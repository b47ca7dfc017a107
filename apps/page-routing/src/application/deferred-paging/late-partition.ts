import type { Alert, Event } from '@pagebridge/contracts';
import { type Decision, isRecovery, resolveDecision } from '@pagebridge/routing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { mayWait, waiting } from '../../domain/deferred-paging/late-pages.ts';
import { NewestHandles } from '../../domain/deferred-paging/newest-handles.ts';
import { firedAt, type WaitingHandle, WaitingHandles } from '../../domain/deferred-paging/waiting-handles.ts';
import type { ReadAlert } from '../ports.ts';
import { clockMarginMs, LatePager } from './late-pager.ts';
import type { DeferredPagingParts, TopicPartition } from './ports.ts';

/** An alert that was read. */
export interface AlertRecord extends Pick<ReadAlert, 'offset' | 'writtenAtMs' | 'alertRecord'> {
  readonly event: Event<Alert>;
}

// A waiting handle takes about 1 KB.
const maxPerPool = 1000;
const unconnected = '';
const noRoom = 'Too many handles are waiting, so the oldest one was dropped.';

/** The waiting handles of one partition that this instance owns, and the queue of the work that writes its records. */
export class LatePartition implements TopicPartition {
  readonly waiting = new WaitingHandles(maxPerPool);
  /** The handles whose wait a former owner may have ended, by a command in Kafka. */
  readonly unproven = new WeakSet<WaitingHandle>();
  readonly ownedAtMs: number;
  readonly #end = new AbortController();
  readonly #pager: LatePager;
  /** The alerts of orgs without a connection whose handles began to wait, oldest first, each with the end of its wait. */
  readonly #unconnected = new Map<string, number>();
  #isRestored = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly parts: DeferredPagingParts,
  ) {
    this.ownedAtMs = parts.clock.now().getTime();
    this.#pager = new LatePager(this, parts);
  }

  get size(): number {
    this.waiting.expire(this.parts.clock.now().getTime());
    return this.waiting.size;
  }

  /** A signal that is aborted when this instance loses the partition or stops. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }

  /** Runs work after all earlier work of the partition has ended, so that its writes keep their order. */
  runExclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => work());
    // The caller handles the error.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Updates the waiting handles by the decisions on an alert. Returns the decisions to write: those that wait have `waitingUntil`. */
  note(record: AlertRecord, decisions: readonly Decision[], now: Date): readonly Decision[] {
    const { event, offset, writtenAtMs, alertRecord } = record;
    const { data: alert } = event;
    if (isRecovery(alert)) return this.#recovered(record, decisions, now);
    if (this.waiting.size > 0) this.waiting.decidedAgain(alert.sourceOrg, alert.alertKey, offset);
    if (!decisions.some((decision) => mayWait(alert, decision))) return decisions;
    const { topic, partition } = this;
    // A former owner may have routed this alert too, and its recovery.
    const isUnproven = writtenAtMs < this.ownedAtMs + clockMarginMs;
    const sinceMs = now.getTime();
    const untilMs = sinceMs + this.parts.windowMs;
    const wait = { alert: { topic, partition, offset }, waitingUntil: new Date(untilMs).toISOString() };
    const times = { firedAtMs: firedAt(alert.occurredAt, writtenAtMs), alertRecord, sinceMs, untilMs };
    return decisions.map((decision) => {
      if (!mayWait(alert, decision)) return decision;
      const { sourceOrg, alertKey, alertEventId, occurredAt } = decision.record;
      const { name } = decision.resolution;
      const handle = { sourceOrg, alertKey, alertEventId, occurredAt, name, offset, ...times };
      if (isUnproven) this.unproven.add(handle);
      this.#add(handle);
      return waiting(decision, wait);
    });
  }

  /** Returns a collector for the waiting handles of a former owner. */
  newestHandles(): NewestHandles {
    const giveUp = (handle: WaitingHandle) => this.#pager.giveUp(handle, noRoom);
    return new NewestHandles(maxPerPool, (handle) => this.#poolOf(handle), giveUp);
  }

  /** Takes over the waiting handles of a former owner. */
  async restore(handles: readonly WaitingHandle[]): Promise<void> {
    // In a turn, so that the commands of all batches before it are in Kafka, where the pager looks for them.
    await this.runExclusive(async () => {
      for (const handle of handles) {
        this.unproven.add(handle);
        this.#add(handle);
      }
      this.#isRestored = true;
    });
    this.#check(handles);
  }

  /** Checks the waiting handles that may mean this team. */
  teamKnown(teamHandle: string): void {
    if (this.waiting.size > 0) this.#check(this.waiting.ofTeam(teamHandle));
  }

  /** Checks the waiting handles of an org whose connections or settings have changed. */
  orgChanged(sourceOrg: string): void {
    if (this.waiting.size > 0) this.#check(this.waiting.ofOrg(sourceOrg, [sourceOrg, unconnected]));
  }

  // The next owner learns of a recovery only by its command, so that of a waiting alert is written even if its org has no connection.
  // A recovery that is routed again finds no waiting handle any more, so the alert is remembered until its wait would have ended.
  #recovered(record: AlertRecord, decisions: readonly Decision[], now: Date): readonly Decision[] {
    const { event, writtenAtMs, alertRecord } = record;
    const { sourceOrg, alertKey, occurredAt } = event.data;
    this.waiting.recovered(sourceOrg, alertKey, { at: firedAt(occurredAt, writtenAtMs), record: alertRecord });
    if (decisions.some(({ kind }) => kind === 'resolve')) return decisions;
    const untilMs = this.#unconnected.get(alertIdentity(sourceOrg, alertKey)) ?? 0;
    const mayWait = !this.#isRestored || now.getTime() <= untilMs + clockMarginMs || this.parts.ownsTopic(sourceOrg);
    return mayWait ? [...decisions, resolveDecision(event, alertRecord)] : decisions;
  }

  #add(handle: WaitingHandle): void {
    const pool = this.#poolOf(handle);
    if (pool === unconnected) this.#remember(handle);
    const givenUp = this.waiting.add(handle, pool);
    if (givenUp) this.#pager.giveUp(givenUp, noRoom);
  }

  #remember({ sourceOrg, alertKey, untilMs }: WaitingHandle): void {
    const identity = alertIdentity(sourceOrg, alertKey);
    this.#unconnected.delete(identity);
    this.#unconnected.set(identity, untilMs);
    const [oldest] = this.#unconnected.keys();
    // As many as there may be waiting handles in the pool.
    if (oldest !== undefined && this.#unconnected.size > maxPerPool) this.#unconnected.delete(oldest);
  }

  // Any producer can invent org names, so all orgs without a connection share one pool.
  #poolOf({ sourceOrg }: WaitingHandle): string {
    return this.parts.registry.connectionsOf(sourceOrg).length > 0 ? sourceOrg : unconnected;
  }

  #check(handles: readonly WaitingHandle[]): void {
    const now = this.parts.clock.now();
    const known = new Map<string, boolean>();
    for (const handle of handles) {
      const { sourceOrg, name } = handle;
      const key = `${sourceOrg} ${name}`;
      const isKnown = known.get(key) ?? this.parts.registry.isRouted(sourceOrg, name, now);
      known.set(key, isKnown);
      if (isKnown) this.waiting.markDue(handle, now.getTime());
    }
    if (this.waiting.due.size > 0) void this.#pager.page();
  }
}
