import type { AlertState, PageState } from '@pagebridge/contracts';
import type { Restored } from '../../domain/ledger/reading.ts';
import type { RestingAlerts } from '../../domain/ledger/resting-alerts.ts';
import { type Fact, owed } from '../../domain/report.ts';
import type { Notices } from '../notices.ts';
import type { Clock, LedgerWrite, LedgerWriter, Log, Permit, RefusedWrite, Telemetry, Telling } from '../ports.ts';
import { AlertTable } from './alert-table.ts';
import { Durability } from './durability.ts';
import { Outcomes } from './outcomes.ts';
import { PartitionLost } from './partition-lost.ts';
import { Persistence } from './persistence.ts';
import { ToldMark } from './told-mark.ts';
import { UnwritableAlerts } from './unwritable-alerts.ts';
import type { Changes } from './write-buffer.ts';
import { WriteLoop } from './write-loop.ts';

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

const none: readonly Fact[] = [];

/** What a write was of, and what Kafka will never take of it. */
interface Written {
  readonly states: readonly LedgerWrite[];
  readonly refused: readonly RefusedWrite[];
}

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
  private readonly loop: WriteLoop<Written>;
  private readonly persistence: Persistence;
  private readonly outcomes: Outcomes;
  private readonly mark: ToldMark;
  private readonly unwritable: UnwritableAlerts;
  /** For whoever waits until Kafka holds what was decided here. */
  readonly durability: Durability;
  private writes = 0;
  private isLost = false;

  constructor(
    readonly partition: number,
    readonly generation: number,
    /** What the ledger holds that nothing is to be done with, and until which offset it was read. */
    { resting, end }: Pick<Restored, 'resting' | 'end'>,
    private readonly its: ShardParts,
  ) {
    const { clock, log, mayWrite, notices, telemetry } = its;
    this.alerts = new AlertTable(resting);
    this.mark = new ToldMark(end);
    this.persistence = new Persistence(partition, clock, log, mayWrite);
    const { alerts, mark, persistence } = this;
    this.outcomes = new Outcomes({
      ...{ partition, alerts, mark, persistence, clock, telemetry },
      writer: its.writer,
      onTold: (key) => this.rest(key),
    });
    this.unwritable = new UnwritableAlerts(alerts, {
      ...{ clock, notices, telemetry },
      touch: (key, facts) => this.touch(key, facts),
      writeLetters: (owing) => this.outcomes.writeLetters(owing),
    });
    const steps = {
      persist: (changes: Changes) => this.persist(changes),
      acknowledge: (changes: Changes, written: Written) => this.acknowledge(changes, written),
    };
    this.loop = new WriteLoop(steps, this.unwritable.heldBack, clock);
    const { loop, outcomes, unwritable } = this;
    this.durability = new Durability({ loop, outcomes, unwritable, persistence, writes: () => this.writes });
  }

  get lost(): boolean {
    return this.isLost;
  }

  get size(): number {
    return this.alerts.size;
  }

  get hasChanges(): boolean {
    return this.loop.hasChanges;
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

  /** Takes what the ledger holds of an alert; answers the work in it. */
  restore(key: string, state: AlertState): readonly PageState[] {
    this.alerts.set(key, state);
    const work = this.alerts.hold(key, state);
    // It may have been written without its outcomes, or they without it: they are written again, same event ids.
    if (owed(state).length > 0) {
      this.mark.owedBefore(key);
      this.touch(key);
    } else this.rest(key);
    return work;
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
    const key = this.mark.unsaidSince(toldBefore);
    if (key !== undefined && this.get(key)) this.touch(key);
  }

  /** Keeps an alert as text, until it is asked for, if it is at rest and the ledger holds it as it is. */
  rest(key: string): void {
    if (!this.loop.has(key)) this.alerts.rest(key);
  }

  /**
   * Hands out the new pages of an alert before they are written: a lane with room announces their calls at once, and one
   * write holds the page and the announcement. Nobody is called before that write.
   */
  offer(key: string): void {
    const pages = this.alerts.offer(key);
    if (pages.length > 0) this.its.onWork(this, key, pages);
  }

  /** Its write takes longer than a page should hold a slot of its lane. */
  get isHeldUp(): boolean {
    return this.loop.isHeldUp;
  }

  /** Forgets the partition. What was not written is for its next owner to redo; it reads the ledger as it stands. */
  lose(): void {
    this.isLost = true;
    const lost = new PartitionLost(this.partition);
    this.durability.lose(lost);
    this.loop.lose(lost);
    this.outcomes.lose(lost);
    this.persistence.lose();
  }

  /** An alert is to be written as it is. */
  private touch(key: string, facts: readonly Fact[] = none): void {
    this.loop.touch(key, facts);
  }

  private async persist(changes: Changes): Promise<Written> {
    const { writer, telemetry } = this.its;
    const states = this.statesOf(changes);
    const refused = await this.persistence.persist(
      (signal) => writer.states(states, signal),
      () => telemetry.ledgerWrite('failed', states.length),
    );
    if (this.isLost) throw new PartitionLost(this.partition);
    telemetry.ledgerWrite('ok', states.length - refused.length);
    return { states, refused };
  }

  private statesOf(changes: Changes): LedgerWrite[] {
    this.writes += 1;
    const { partition, generation, writes: write } = this;
    const told = this.mark.at(this.outcomes.upTo);
    return Array.from(changes.keys(), (key) => ({ partition, generation, write, told, key, state: this.get(key) }));
  }

  private acknowledge(changes: Changes, { states, refused }: Written): void {
    const details = new Map(refused.map(({ key, detail }) => [key, detail]));
    const tellings: Telling[] = [];
    for (const { key, state } of states) {
      const facts = changes.get(key) ?? none;
      const detail = details.get(key);
      const told = detail === undefined ? this.hold(key, state, facts) : this.refuse(key, state, detail, facts);
      for (const telling of told) tellings.push(telling);
    }
    this.mark.said(states[0]?.told);
    this.outcomes.add(this.writes, tellings);
  }

  /** The ledger holds this state now: what is to be done is handed out. Answers what is to be told. */
  private hold(key: string, state: AlertState | undefined, facts: readonly Fact[]): readonly Telling[] {
    const work = this.alerts.hold(key, state);
    this.mark.wrote(key, this.writes);
    const tellings = this.outcomes.untoldOf(facts, state, this.alerts.entry(key)?.state);
    if (work.length > 0) this.its.onWork(this, key, work);
    if (state) this.rest(key);
    return tellings;
  }

  /** What was to be told with an alert that is set aside is told with its next write. */
  private refuse(
    key: string,
    refused: AlertState | undefined,
    detail: string,
    facts: readonly Fact[],
  ): readonly Telling[] {
    if (this.unwritable.setAside(key, refused, detail, facts)) return [];
    return this.outcomes.untoldOf(facts, undefined, undefined);
  }
}
