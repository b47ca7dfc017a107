import type { Alert, Event } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import { alertIdentity, type Clock } from '@pagebridge/vocabulary';
import type { Registry } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import { isSettledBy } from '../../domain/late-binding/history.ts';
import { latePages, mayWait, waiting } from '../../domain/late-binding/late-pages.ts';
import { firedAt, type WaitingHandle, WaitingHandles } from '../../domain/late-binding/waiting-handles.ts';
import type { Decided, DecisionPublisher } from '../ports.ts';
import type { History, LateMeter, LateNotices } from './ports.ts';

export interface LateBindingParts {
  readonly registry: Registry;
  readonly publisher: DecisionPublisher;
  readonly history: History;
  readonly notices: LateNotices;
  readonly meter: LateMeter;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Nobody else can own the partitions now. */
  readonly isMember: () => boolean;
  /** How long a handle waits; 0: not at all. */
  readonly windowMs: number;
}

/** An alert, with where in its partition it stands and since when. */
export interface StandingAlert {
  readonly event: Event<Alert>;
  readonly offset: number;
  readonly writtenAtMs: number;
}

export const retryMs = 500;
// Instances write what is read here, each by its own clock.
export const clockMarginMs = 60_000;
// A waiting handle takes some 400 bytes and its alert key.
const mostInPool = 1000;
// An alert may hold half a megabyte.
const mostAlertsAtOnce = 20;
const unconnected = '';

/** What waits in one partition of the alerts while this instance owns it, and the turns of who writes what follows from them. */
export class LatePartition {
  readonly #waiting = new WaitingHandles(mostInPool);
  /** A former owner may have written what ends their wait. */
  readonly #unproven = new WeakSet<WaitingHandle>();
  readonly #end = new AbortController();
  readonly #ownedAtMs: number;
  #turn: Promise<unknown> = Promise.resolve();
  #isPaging = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly its: LateBindingParts,
  ) {
    this.#ownedAtMs = its.clock.now().getTime();
  }

  get size(): number {
    this.#waiting.expire(this.its.clock.now().getTime());
    return this.#waiting.size;
  }

  /** Aborted when the partition is another's. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }

  /** Works when all who came before have ended: what is written for a partition keeps its order. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => work());
    // Whoever asked for the turn is told.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Notes what was decided about an alert; answers the decisions with what their records say of waiting. */
  note(standing: StandingAlert, decisions: readonly Decision[], now: Date): readonly Decision[] {
    if (this.#waiting.size > 0) this.#endWaits(standing);
    const { event, offset, writtenAtMs } = standing;
    const { data: alert } = event;
    if (!decisions.some((decision) => mayWait(alert, decision))) return decisions;
    const { topic, partition } = this;
    // A former owner may have routed it too, and what came after it.
    const mayBeAgain = writtenAtMs < this.#ownedAtMs + clockMarginMs;
    const sinceMs = now.getTime();
    const untilMs = sinceMs + this.its.windowMs;
    const wait = { alert: { topic, partition, offset }, waitingUntil: new Date(untilMs).toISOString() };
    const times = { firedAtMs: firedAt(alert.occurredAt, writtenAtMs), sinceMs, untilMs };
    return decisions.map((decision) => {
      if (!mayWait(alert, decision)) return decision;
      const { sourceOrg, alertKey, alertEventId, occurredAt } = decision.record;
      const { name } = decision.resolution;
      const handle = { sourceOrg, alertKey, alertEventId, occurredAt, name, offset, ...times };
      if (mayBeAgain) this.#unproven.add(handle);
      this.#add(handle);
      return waiting(decision, wait);
    });
  }

  /** Takes over what a former owner left to wait. */
  async restore(handles: readonly WaitingHandle[]): Promise<void> {
    // In a turn: whatever was decided here before is written, so that the commands tell of it.
    await this.inTurn(async () => {
      for (const handle of handles) {
        this.#unproven.add(handle);
        this.#add(handle);
      }
    });
    this.#look(handles);
  }

  /** There is a team of this name, or may be now. */
  teamKnown(teamHandle: string): void {
    if (this.#waiting.size > 0) this.#look(this.#waiting.ofTeam(teamHandle));
  }

  /** The connections or the settings of an org have changed. */
  orgChanged(sourceOrg: string): void {
    if (this.#waiting.size > 0) this.#look(this.#waiting.ofOrg(sourceOrg, [sourceOrg, unconnected]));
  }

  #endWaits({ event, offset, writtenAtMs }: StandingAlert): void {
    const { sourceOrg, alertKey, occurredAt, transition, origin } = event.data;
    this.#waiting.decidedAnew(sourceOrg, alertKey, offset);
    const isRecovery = transition === 'recovered' && origin !== 'manual';
    if (isRecovery) this.#waiting.recovered(sourceOrg, alertKey, firedAt(occurredAt, writtenAtMs));
  }

  // Who names orgs that nobody has connected, as anybody can, shares the room of one with all who do.
  #add(handle: WaitingHandle): void {
    const { sourceOrg } = handle;
    const pool = this.its.registry.connectionsOf(sourceOrg).length > 0 ? sourceOrg : unconnected;
    const givenUp = this.#waiting.add(handle, pool);
    if (givenUp) this.#giveUp(givenUp, 'More handles wait than there is room for; the oldest makes way.');
  }

  #look(handles: readonly WaitingHandle[]): void {
    const now = this.its.clock.now();
    const known = new Map<string, boolean>();
    for (const handle of handles) {
      const { sourceOrg, name } = handle;
      const asked = `${sourceOrg} ${name}`;
      const isKnown = known.get(asked) ?? this.its.registry.resolve(sourceOrg, name, now).kind === 'routed';
      known.set(asked, isKnown);
      if (isKnown) this.#waiting.call(handle, now.getTime());
    }
    if (this.#waiting.called.size > 0 && !this.#isPaging) void this.#pageAll();
  }

  // What is called stays called until it is written: it became known in time, however long Kafka makes it wait.
  async #pageAll(): Promise<void> {
    const { clock, notices } = this.its;
    this.#isPaging = true;
    while (this.#waiting.called.size > 0 && !this.ended.aborted) {
      try {
        await this.#pageSome();
      } catch (error) {
        if (this.ended.aborted) break;
        notices.delayed('late pages', error);
        // It rejects when the partition is another's, who finds in Kafka what waits.
        await clock.sleep(retryMs, this.ended).catch(() => undefined);
      }
    }
    this.#isPaging = false;
  }

  async #pageSome(): Promise<void> {
    const byAlert = Map.groupBy(this.#waiting.called, ({ offset }) => offset);
    const some = new Map([...byAlert].slice(0, mostAlertsAtOnce));
    // What is called meanwhile has to be proven itself.
    await this.#prove([...some.values()].flat());
    const alerts = await this.its.history.alerts(this.partition, some.keys());
    await this.inTurn(() => this.#page(some, alerts));
  }

  /** Drops what a former owner has paged already, or whose alert recovered before this one was told. */
  async #prove(handles: readonly WaitingHandle[]): Promise<void> {
    const unproven = handles.filter((handle) => this.#unproven.has(handle));
    if (unproven.length === 0) return;
    const sinceMs = Math.min(this.#ownedAtMs, ...unproven.map((handle) => handle.sinceMs)) - clockMarginMs;
    const identities = new Set(unproven.map(({ sourceOrg, alertKey }) => alertIdentity(sourceOrg, alertKey)));
    const commands = await this.its.history.commands(this.partition, sinceMs, identities);
    for (const handle of unproven) {
      this.#unproven.delete(handle);
      if (commands.some((command) => isSettledBy(handle, command))) this.#waiting.delete(handle);
    }
  }

  async #page(some: ReadonlyMap<number, readonly WaitingHandle[]>, alerts: ReadonlyMap<number, Event<Alert>>) {
    // Thrown, so that it is tried again: either it is a member soon, or the partition is taken away.
    if (!this.its.isMember()) throw new Error('not a member of the group for now');
    const decided: Decided[] = [];
    const paged: WaitingHandle[] = [];
    for (const [offset, handles] of some) {
      const still = handles.filter((handle) => this.#waiting.has(handle));
      const decisions = this.#decide(still, alerts.get(offset));
      const known = new Set(decisions.map(({ mention }) => plainName(mention)));
      for (const handle of still) {
        if (known.has(handle.name)) paged.push(handle);
        else this.#waiting.putBack(handle);
      }
      const event = alerts.get(offset);
      if (event && decisions.length > 0) decided.push({ event, offset, decisions });
    }
    const unwritable = await this.its.publisher.publish({ decided, wishes: [] }, this.ended);
    this.#told(paged, new Map(unwritable.map(({ offset, detail }) => [offset, detail])));
    const pages = decided.flatMap(({ decisions }) => decisions.filter(({ kind }) => kind === 'page'));
    this.its.meter.latePages(pages.length);
  }

  #decide(handles: readonly WaitingHandle[], event: Event<Alert> | undefined) {
    const [first] = handles;
    if (!first) return [];
    if (event?.id !== first.alertEventId) {
      for (const handle of handles) this.#giveUp(handle, 'Its alert cannot be read any more.');
      return [];
    }
    try {
      const names = new Set(handles.map(({ name }) => name));
      return latePages(event, names, this.its.registry, this.its.clock.now());
    } catch (error) {
      // A bug, which the next try would meet again, and all others would wait behind it.
      for (const handle of handles) this.#giveUp(handle, String(error));
      return [];
    }
  }

  #told(paged: readonly WaitingHandle[], unwritable: ReadonlyMap<number, string>): void {
    for (const handle of paged) {
      const detail = unwritable.get(handle.offset);
      if (detail !== undefined) this.#giveUp(handle, detail);
      else this.its.notices.paged(handle);
      this.#waiting.delete(handle);
    }
  }

  // Its record says that it is unrouted, and where its alert stands.
  #giveUp(handle: WaitingHandle, detail: string): void {
    this.#waiting.delete(handle);
    this.its.meter.givenUp(1);
    this.its.notices.givenUp(handle, detail);
  }
}
