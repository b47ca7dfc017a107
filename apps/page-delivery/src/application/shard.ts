import type { AlertState, PageState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { newWork } from '../domain/page.ts';
import { type Fact, type Owed, owed, reported } from '../domain/report.ts';
import type { RestingAlerts } from '../domain/resting-alerts.ts';
import { abandoned, leanest, setAside } from '../domain/set-aside.ts';
import { AlertTable } from './alert-table.ts';
import { Durability } from './durability.ts';
import type { Notices } from './notices.ts';
import { isOfPresent, Outcomes } from './outcomes.ts';
import { PartitionLost } from './partition-lost.ts';
import { Persistence } from './persistence.ts';
import type { Clock, LedgerWrite, LedgerWriter, Log, Permit, RefusedWrite, Telemetry, Telling } from './ports.ts';

/** Told of work once the ledger holds it, and of new pages just before (`offer`). */
export type OnWork = (shard: Shard, key: string, pages: readonly PageState[]) => void;

export interface ShardParts {
  readonly writer: LedgerWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: Pick<Notices, 'changed' | 'forgotten'>;
  readonly telemetry: Telemetry;
  readonly mayWrite: Permit;
  readonly onWork: OnWork;
}

/** The alerts that have changed, each with the facts that are told with it. */
type Changes = ReadonlyMap<string, readonly Fact[]>;

const none: readonly Fact[] = [];
// A write that takes longer holds up its pages, which then leave the slots of their lanes to others.
const heldUpAfterMs = 1000;

/**
 * The alerts of one partition during one ownership: in memory what is, in Kafka what survives.
 *
 * A change is visible at once and durable later; whoever acts on it towards the outside (an HTTP call, an offset commit)
 * waits for it. One write of the partition is under way at a time and takes everything that changed meanwhile, so that
 * an alert's records never overtake each other; no other partition waits for it. Outcomes and dead letters follow from
 * what the ledger holds and are told after it, beside the next write.
 *
 * Where a page is if the process dies: in the last written state. What was only in memory is redone from there: a
 * command by Kafka, whose offset was not committed, a call as a possible duplicate, an outcome since the state owes it.
 */
export class Shard {
  private readonly alerts: AlertTable;
  private readonly durability = new Durability();
  private readonly persistence: Persistence;
  private readonly outcomes: Outcomes;
  private changed = new Map<string, readonly Fact[]>();
  private inFlight: Changes = new Map();
  private writing: Promise<void> | undefined;
  private writes = 0;
  /** Alerts that Kafka does not take as they are, until the dead letters of their pages are written. */
  private readonly asides = new Map<string, Promise<void>>();
  /** How often Kafka refused an alert. */
  private refusals = 0;
  /** Alerts whose outcomes a former owner owed, until a write of this one holds them. */
  private readonly former = new Set<string>();
  /** The write that held the last of them. */
  private formerWrite = 1;
  private writingSince: number | undefined;
  /** The last alert of which something was told, in which write. */
  private lastTold: { readonly key: string; readonly write: number; readonly at: number } | undefined;
  /** Ids of pages that were handed out before the ledger held them. */
  private readonly early = new Set<string>();
  private isLost = false;

  constructor(
    readonly partition: number,
    readonly generation: number,
    /** The ledger was read up to this offset. */
    private readonly end: number,
    /** What its alerts at rest were then. */
    resting: RestingAlerts,
    private readonly its: ShardParts,
  ) {
    this.alerts = new AlertTable(resting);
    this.persistence = new Persistence(partition, its.clock, its.log, its.mayWrite);
    this.outcomes = new Outcomes(
      (tellings) => this.tell(tellings),
      (tellings, write) => this.told(tellings, write),
    );
  }

  get lost(): boolean {
    return this.isLost;
  }

  get size(): number {
    return this.alerts.size;
  }

  get hasChanges(): boolean {
    return this.changed.size > 0;
  }

  /** What takes memory until Kafka or a destination takes it: pages, and outcomes that are not told; roughly. */
  get waitingBytes(): number {
    return this.alerts.waitingBytes + this.outcomes.waitingBytes;
  }

  get resting(): RestingAlerts {
    return this.alerts.resting;
  }

  get(key: string): AlertState | undefined {
    return this.alerts.get(key);
  }

  all(): Iterable<[string, AlertState]> {
    return this.alerts.all();
  }

  /** Takes what the ledger holds of an alert. */
  restore(key: string, state: AlertState): void {
    this.alerts.set(key, state);
    this.alerts.hold(key, state);
    // It may have been written without its outcomes, or they without it: they are written again, same event ids.
    if (owed(state).length > 0) {
      this.former.add(key);
      this.touch(key);
    } else this.rest(key);
  }

  /** What an alert is from now on, undefined: forgotten; `facts` are told with it. Throws PartitionLost. */
  set(key: string, state: AlertState | undefined, facts: readonly Fact[] = none): void {
    if (this.isLost) throw new PartitionLost(this.partition);
    const entry = this.alerts.entry(key);
    if (entry && entry.state === state && facts.length === 0) return;
    this.alerts.set(key, state);
    this.touch(key, facts);
  }

  /** Forgets alerts at rest before their time. */
  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.resting.delete(key);
      this.touch(key);
    }
  }

  /** If nothing has been written since, an alert is written once more, to say that outcomes were told until then. */
  confirm(toldBefore: number): void {
    const { lastTold } = this;
    if (lastTold && lastTold.at <= toldBefore && this.get(lastTold.key)) this.touch(lastTold.key);
  }

  /** Keeps an alert as text, until it is asked for, if it is at rest and the ledger holds it as it is. */
  rest(key: string): void {
    if (!this.changed.has(key) && !this.inFlight.has(key)) this.alerts.rest(key);
  }

  /**
   * Hands out the new pages of an alert before they are written: a lane with room announces their calls at once, and one
   * write holds the page and the announcement. Nobody is called before that write.
   */
  offer(key: string): void {
    const entry = this.alerts.entry(key);
    const work = entry?.state ? newWork(entry.durable, entry.state) : [];
    const pages = work.filter((page) => page.status === 'pending' && !this.early.has(page.pageId));
    for (const { pageId } of pages) this.early.add(pageId);
    if (pages.length > 0) this.its.onWork(this, key, pages);
  }

  /** Its write takes longer than a page should hold a slot of its lane. */
  get isHeldUp(): boolean {
    return this.writingSince !== undefined && this.its.clock.elapsedMs() - this.writingSince >= heldUpAfterMs;
  }

  /** Resolves once the ledger holds this alert as it is now; rejects with PartitionLost. */
  async durable(key: string): Promise<void> {
    for (let aside = this.asides.get(key); aside; aside = this.asides.get(key)) await aside;
    await this.written();
  }

  /**
   * The same for a batch of commands, whose offset is committed then: everything so far, and where it has outcomes that
   * leave no page (`hasFacts`), they are told. Rejects also as `impatiently` does: what the batch decided is found again
   * when it comes again.
   */
  taken(hasFacts: boolean): Promise<void> {
    return this.persistence.impatiently(this.dealtWith(hasFacts));
  }

  /** Resolves when nothing is left to be written and told, or the partition is lost. */
  async drained(): Promise<void> {
    while (!this.isLost && (this.writing || this.asides.size > 0 || this.outcomes.upTo < this.writes)) {
      await Promise.all([this.writing, ...this.asides.values(), this.outcomes.idle()]);
    }
  }

  /** Forgets the partition. What was not written is for its next owner to redo; it reads the ledger as it stands. */
  lose(): void {
    this.isLost = true;
    this.changed.clear();
    const lost = new PartitionLost(this.partition);
    this.durability.lose(lost);
    this.outcomes.lose(lost);
    this.persistence.lose();
  }

  private async dealtWith(hasFacts: boolean): Promise<void> {
    let seen: number;
    do {
      seen = this.refusals;
      await Promise.all(this.asides.values());
      await this.written();
    } while (this.refusals !== seen || this.asides.size > 0);
    if (hasFacts) await this.outcomes.reached(this.writes);
  }

  private async written(): Promise<void> {
    if (this.isLost) throw new PartitionLost(this.partition);
    await this.durability.reached();
  }

  /** An alert is to be written as it is. */
  private touch(key: string, facts: readonly Fact[] = none): void {
    this.durability.changed();
    const waiting = this.changed.get(key) ?? none;
    this.changed.set(key, waiting.length > 0 ? [...waiting, ...facts] : facts);
    // Whatever escapes the writing (a bug) ends the process, and the next one goes on from what is written.
    this.writing ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    try {
      // Changes of one tick share a write.
      for (await null; this.hasWritable; await null) await this.writeOnce();
    } catch (error) {
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      // In the same tick as the last look, so that the next change starts the next write.
      this.writing = undefined;
    }
  }

  private async writeOnce(): Promise<void> {
    const { upTo } = this.durability;
    const changes = this.takeChanges();
    const states = this.statesOf(changes);
    const { writer, telemetry } = this.its;
    this.writingSince = this.its.clock.elapsedMs();
    const refused = await this.persistence.persist(
      (signal) => writer.states(states, signal),
      () => telemetry.ledgerWrite('failed', states.length),
    );
    this.writingSince = undefined;
    if (this.isLost) throw new PartitionLost(this.partition);
    telemetry.ledgerWrite('ok', states.length - refused.length);
    this.inFlight = new Map();
    this.acknowledge(states, changes, refused);
    this.durability.wrote(upTo);
  }

  private get hasWritable(): boolean {
    if (this.asides.size === 0) return this.hasChanges;
    return [...this.changed.keys()].some((key) => !this.asides.has(key));
  }

  private takeChanges(): Changes {
    const changes = this.changed;
    this.changed = new Map();
    // What is set aside is written after its dead letters.
    for (const key of this.asides.keys()) {
      const facts = changes.get(key);
      if (facts && changes.delete(key)) this.changed.set(key, facts);
    }
    this.inFlight = changes;
    return changes;
  }

  private statesOf(changes: Changes): LedgerWrite[] {
    this.writes += 1;
    const { partition, generation, writes: write } = this;
    // The first write of an owner holds what its predecessors owed, so that from the second on none of theirs is owed.
    const hasToldFormer = this.former.size === 0 && this.outcomes.upTo >= this.formerWrite;
    const told = hasToldFormer ? { write: this.outcomes.upTo, before: this.end } : undefined;
    return Array.from(changes.keys(), (key) => ({ partition, generation, write, told, key, state: this.get(key) }));
  }

  private acknowledge(states: readonly LedgerWrite[], changes: Changes, refused: readonly RefusedWrite[]): void {
    const details = new Map(refused.map(({ key, detail }) => [key, detail]));
    const tellings: Telling[] = [];
    for (const { key, state } of states) {
      const facts = changes.get(key) ?? none;
      const detail = details.get(key);
      const told = detail === undefined ? this.hold(key, state, facts) : this.refuse(key, state, detail, facts);
      for (const telling of told) tellings.push(telling);
    }
    if ((states[0]?.told?.write ?? 0) >= (this.lastTold?.write ?? 0)) this.lastTold = undefined;
    this.outcomes.add(this.writes, tellings);
  }

  /** The ledger holds this state now: what is to be done is handed out. Answers what is to be told. */
  private hold(key: string, state: AlertState | undefined, facts: readonly Fact[]): readonly Telling[] {
    const before = this.alerts.hold(key, state);
    if (this.former.delete(key)) this.formerWrite = this.writes;
    const tellings = this.outcomes.untoldOf(facts, state, this.alerts.entry(key)?.state);
    if (!state) return tellings;
    const work = newWork(before, state).filter(({ pageId }) => !this.early.has(pageId));
    for (const { pageId } of state.pages) this.early.delete(pageId);
    if (work.length > 0) this.its.onWork(this, key, work);
    this.rest(key);
    return tellings;
  }

  // A page is not said to be undeliverable before its dead letter is written.
  private async tell(tellings: readonly Telling[]): Promise<void> {
    await this.writeLetters(
      tellings.flatMap((telling) =>
        telling.page && isLetter(telling.outcome) ? [{ ...telling, page: telling.page }] : [],
      ),
    );
    await this.persistence.persist((signal) => this.its.writer.outcomes(tellings, signal));
  }

  private async writeLetters(owing: readonly Owed[]): Promise<void> {
    const { writer } = this.its;
    if (owing.length === 0) return;
    await this.persistence.persist((signal) => writer.deadLetters(this.partition, owing, signal));
  }

  /** All of this has been told; the ledger learns of it with the next write. */
  private told(tellings: readonly Telling[], write: number): void {
    for (const { outcome, page } of tellings) this.its.telemetry.outcome(outcome, page?.occurredAt);
    const at = this.its.clock.now().getTime();
    const ofPages = tellings.filter(({ page }) => page);
    const byAlert = Map.groupBy(ofPages, ({ outcome }) => alertIdentity(outcome.sourceOrg, outcome.alertKey));
    for (const [key, its] of byAlert) {
      const entry = this.alerts.entry(key);
      const now = entry?.state;
      if (!now) continue;
      const outcomes = its.filter((telling) => isOfPresent(now, telling)).map(({ outcome }) => outcome);
      const isDurable = now === entry.durable;
      const state = reported(now, outcomes);
      this.alerts.set(key, state);
      // What has been told makes no difference to what the ledger holds to be done.
      if (isDurable) this.alerts.hold(key, state);
      this.lastTold = { key, write, at };
      this.rest(key);
    }
  }

  /**
   * Kafka will never take this alert as it is. Its pages that nobody was called for are given up: first their dead
   * letters are written, then a lean record of the pages that may exist. Until then its changes wait, and no others.
   */
  private refuse(
    key: string,
    refused: AlertState | undefined,
    detail: string,
    facts: readonly Fact[],
  ): readonly Telling[] {
    const { its } = this;
    const entry = this.alerts.entry(key);
    its.telemetry.ledgerWrite('refused', 1);
    // At rest, or forgotten: the ledger goes on to hold what it held.
    if (!entry?.state) return this.outcomes.untoldOf(facts, undefined, undefined);
    this.refusals += 1;
    const now = its.clock.now();
    const aside = setAside(entry.state, entry.durable, detail, now);
    its.notices.changed(entry.state, aside, now);
    const isLean = JSON.stringify(leanest(aside)) === JSON.stringify(refused);
    // What was to be told with it is told with the next write.
    if (isLean) this.abandon(key, aside, detail, facts);
    else {
      this.alerts.set(key, aside);
      this.touch(key, facts);
      this.asides.set(key, this.bury(key));
    }
    return [];
  }

  /** Not even a lean record is taken: the alert is forgotten, and what it owed is told all the same. */
  private abandon(key: string, aside: AlertState, detail: string, facts: readonly Fact[]): void {
    const { notices, clock } = this.its;
    const last = abandoned(aside, detail, clock.now());
    notices.changed(aside, last, clock.now());
    notices.forgotten(last, detail);
    for (const { pageId } of last.pages) this.early.delete(pageId);
    this.alerts.set(key, undefined);
    this.touch(key, [...facts, ...owed(last)]);
  }

  private async bury(key: string): Promise<void> {
    const buried = new Set<string>();
    // Others may be given up meanwhile: all letters are written before the words are dropped.
    const unburied = (): Owed[] => {
      const state = this.get(key);
      const owing = state ? owed(state) : [];
      return owing.filter(({ outcome, page }) => isLetter(outcome) && page.content && !buried.has(page.pageId));
    };
    try {
      // Not in the tick in which it is set aside: its end must come after its beginning is noted.
      await null;
      for (let owing = unburied(); owing.length > 0; owing = unburied()) {
        await this.writeLetters(owing);
        for (const { page } of owing) buried.add(page.pageId);
      }
    } catch (error) {
      // The partition is lost: its next owner reads the commands again.
      if (!(error instanceof PartitionLost)) throw error;
      return;
    } finally {
      this.asides.delete(key);
    }
    const state = this.get(key);
    if (state) this.alerts.set(key, leanest(state));
    this.touch(key);
  }
}

const isLetter = ({ outcome }: Telling['outcome']): boolean => outcome === 'undeliverable';
