import type { Alert, Event } from '@pagebridge/contracts';
import type { Decision } from '../../domain/decision.ts';
import { mayWait, waiting } from '../../domain/late-binding/late-pages.ts';
import { NewestHandles } from '../../domain/late-binding/newest-handles.ts';
import { firedAt, type WaitingHandle, WaitingHandles } from '../../domain/late-binding/waiting-handles.ts';
import { clockMarginMs, LatePager } from './late-pager.ts';
import type { LateBindingParts, TopicPartition } from './ports.ts';

/** An alert with its offset and when it was written. */
export interface PlacedAlert {
  readonly event: Event<Alert>;
  readonly offset: number;
  readonly writtenAtMs: number;
}

// A waiting handle takes some 400 bytes and its alert key.
const mostInPool = 1000;
const unconnected = '';
const noRoom = 'More handles wait than there is room for; the oldest makes way.';

/** The waiting handles of one partition that this instance owns, and the order of what is written for it. */
export class LatePartition implements TopicPartition {
  readonly waiting = new WaitingHandles(mostInPool);
  /** A former owner may have written what ends their wait. */
  readonly unproven = new WeakSet<WaitingHandle>();
  readonly ownedAtMs: number;
  readonly #end = new AbortController();
  readonly #pager: LatePager;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly its: LateBindingParts,
  ) {
    this.ownedAtMs = its.clock.now().getTime();
    this.#pager = new LatePager(this, its);
  }

  get size(): number {
    this.waiting.expire(this.its.clock.now().getTime());
    return this.waiting.size;
  }

  /** Aborted when the partition is another's. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }

  /** Runs when all earlier work of the partition has ended, so that its writes keep their order. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => work());
    // The caller has the error.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Notes what was decided about an alert; answers the decisions with what their records say of waiting. */
  note(placed: PlacedAlert, decisions: readonly Decision[], now: Date): readonly Decision[] {
    if (this.waiting.size > 0) this.#endWaits(placed);
    const { event, offset, writtenAtMs } = placed;
    const { data: alert } = event;
    if (!decisions.some((decision) => mayWait(alert, decision))) return decisions;
    const { topic, partition } = this;
    // A former owner may have routed it too, and what came after it.
    const mayBeAgain = writtenAtMs < this.ownedAtMs + clockMarginMs;
    const sinceMs = now.getTime();
    const untilMs = sinceMs + this.its.windowMs;
    const wait = { alert: { topic, partition, offset }, waitingUntil: new Date(untilMs).toISOString() };
    const times = { firedAtMs: firedAt(alert.occurredAt, writtenAtMs), sinceMs, untilMs };
    return decisions.map((decision) => {
      if (!mayWait(alert, decision)) return decision;
      const { sourceOrg, alertKey, alertEventId, occurredAt } = decision.record;
      const { name } = decision.resolution;
      const handle = { sourceOrg, alertKey, alertEventId, occurredAt, name, offset, ...times };
      if (mayBeAgain) this.unproven.add(handle);
      this.#add(handle);
      return waiting(decision, wait);
    });
  }

  /** For what a former owner left to wait, as it is read. */
  inheritance(): NewestHandles {
    const giveUp = (handle: WaitingHandle) => this.#pager.giveUp(handle, noRoom);
    return new NewestHandles(mostInPool, (handle) => this.#poolOf(handle), giveUp);
  }

  /** Takes over what a former owner left to wait. */
  async restore(handles: readonly WaitingHandle[]): Promise<void> {
    // In a turn: whatever was decided here before is written, so that the commands tell of it.
    await this.inTurn(async () => {
      for (const handle of handles) {
        this.unproven.add(handle);
        this.#add(handle);
      }
    });
    this.#check(handles);
  }

  /** There is a team of this name, or may be now. */
  teamKnown(teamHandle: string): void {
    if (this.waiting.size > 0) this.#check(this.waiting.ofTeam(teamHandle));
  }

  /** The connections or the settings of an org have changed. */
  orgChanged(sourceOrg: string): void {
    if (this.waiting.size > 0) this.#check(this.waiting.ofOrg(sourceOrg, [sourceOrg, unconnected]));
  }

  #endWaits({ event, offset, writtenAtMs }: PlacedAlert): void {
    const { sourceOrg, alertKey, occurredAt, transition, origin } = event.data;
    this.waiting.decidedAnew(sourceOrg, alertKey, offset);
    const isRecovery = transition === 'recovered' && origin !== 'manual';
    if (isRecovery) this.waiting.recovered(sourceOrg, alertKey, firedAt(occurredAt, writtenAtMs));
  }

  #add(handle: WaitingHandle): void {
    const givenUp = this.waiting.add(handle, this.#poolOf(handle));
    if (givenUp) this.#pager.giveUp(givenUp, noRoom);
  }

  // Who names orgs that nobody has connected, as anybody can, shares the room of one with all who do.
  #poolOf({ sourceOrg }: WaitingHandle): string {
    return this.its.registry.connectionsOf(sourceOrg).length > 0 ? sourceOrg : unconnected;
  }

  #check(handles: readonly WaitingHandle[]): void {
    const now = this.its.clock.now();
    const known = new Map<string, boolean>();
    for (const handle of handles) {
      const { sourceOrg, name } = handle;
      const asked = `${sourceOrg} ${name}`;
      const isKnown = known.get(asked) ?? this.its.registry.isRouted(sourceOrg, name, now);
      known.set(asked, isKnown);
      if (isKnown) this.waiting.markDue(handle, now.getTime());
    }
    if (this.waiting.due.size > 0) void this.#pager.page();
  }
}
