import type { AlertState, PageState } from '@pagebridge/contracts';
import type { OutcomeEvent, Refused } from '@pagebridge/page-ledger';
import { endedWork, newWork, unreadable, unreportedOutcomes, unwritable } from '@pagebridge/page-ledger';
import type { Restored } from '../../domain/ledger/reading.ts';
import { setAside } from '../../domain/ledger/set-aside.ts';
import type { Notices } from '../notices.ts';
import type { Clock, LedgerWrite, LedgerWriter, Log, Metrics, PendingOutcome, Permit } from '../ports.ts';
import { AlertTable } from './alert-table.ts';
import { LedgerWrites } from './ledger-writes.ts';
import { LedgerBusy, PartitionLost } from './partition-lost.ts';
import { PendingOutcomes } from './pending-outcomes.ts';
import { WaitingPages } from './waiting-pages.ts';
import { WatermarkTracker } from './watermark-tracker.ts';

/** Receives the pages of an alert whose work begins or ends. It must make no call before the ledger holds the work. */
export interface WorkReceiver {
  begin(ledgerPartition: LedgerPartition, key: string, pages: readonly PageState[]): void;
  end(key: string, pages: readonly PageState[]): void;
}

export interface LedgerPartitionParts {
  readonly writer: LedgerWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: Pick<Notices, 'changed' | 'undeliverable' | 'unwritten'>;
  readonly metrics: Metrics;
  readonly mayWrite: Permit;
  readonly lanes: WorkReceiver;
  /** The waiting pages of the whole instance. */
  readonly waiting: WaitingPages;
}

type Outcomes = readonly PendingOutcome[];

// A partition that cannot publish so many outcomes takes no more commands: each outcome takes 3 KB of memory.
const mostPendingOutcomes = 2000;

/**
 * The alerts of one partition while this process owns it.
 *
 * A change is visible at once and durable later: an HTTP call or an offset commit waits until the change is durable.
 * Outcomes and dead letters are published after their write, and do not delay the next write.
 *
 * If the process dies, the last written state holds. The next owner repeats the rest: Kafka redelivers the commands,
 * whose offset was not committed; a call becomes a possible duplicate; the state lists the unreported outcomes.
 */
export class LedgerPartition {
  /** To read: changes go through `set`, which writes them. */
  readonly alerts: AlertTable;
  private readonly states: LedgerWrites;
  private readonly outcomes: PendingOutcomes;
  private readonly watermark: WatermarkTracker;
  private readonly waiting: WaitingPages;
  /** The alerts that changed since the last write, each with the outcomes to publish with it. */
  private changed = new Map<string, Outcomes>();
  private writes = 0;
  private refusals = 0;
  /** The alerts of which Kafka refuses even the smallest record. */
  private readonly unwritten = new Set<string>();

  constructor(
    readonly partition: number,
    readonly generation: number,
    /** `end`: the offset up to which the ledger was read. */
    private readonly restored: Pick<Restored, 'resting' | 'unreadable' | 'end'>,
    private readonly its: LedgerPartitionParts,
  ) {
    const { clock, log, mayWrite } = its;
    const { resting, end } = restored;
    this.waiting = new WaitingPages(its.waiting);
    this.alerts = new AlertTable(resting, this.waiting);
    this.watermark = new WatermarkTracker(end);
    this.states = new LedgerWrites(partition, clock, log, mayWrite);
    this.outcomes = new PendingOutcomes({ ...its, partition, alerts: this.alerts, watermark: this.watermark });
  }

  get lost(): boolean {
    return this.states.lost;
  }

  get(key: string): AlertState | undefined {
    return this.alerts.get(key);
  }

  /** Hands out the work of the alerts that were read as waiting. */
  restoreWaiting(): void {
    for (const [key, state] of this.alerts.resting.waiting()) {
      this.waiting.changed(state.sourceOrg, undefined, state);
      this.its.lanes.begin(this, key, newWork(undefined, state));
    }
  }

  /** Adds an alert that was read from the ledger. */
  restore(key: string, state: AlertState): void {
    this.alerts.set(key, state);
    this.alerts.hold(key, state);
    // The ledger does not show these outcomes as published: publish them, perhaps again, with the same event ids.
    if (unreportedOutcomes(state).length > 0) {
      this.watermark.inherit(key);
      this.touch(key);
    } else this.alerts.rest(key);
    this.its.lanes.begin(this, key, newWork(undefined, state));
  }

  /** Changes an alert, logs what was given up, and publishes `events` with it; `state` undefined forgets the alert. Throws PartitionLost. */
  set(key: string, state: AlertState | undefined, events: readonly OutcomeEvent[] = []): void {
    if (this.lost) throw new PartitionLost(this.partition);
    const before = this.get(key);
    // A batch that is delivered again has the same events.
    const added = this.outcomes.admitted(events);
    if (before === state && added.length === 0) return;
    this.alerts.set(key, state);
    this.touch(key, added);
    if (!state) return;
    const { notices, lanes, clock } = this.its;
    notices.changed(before, state, clock.now());
    lanes.end(key, endedWork(before, state));
    lanes.begin(this, key, newWork(before, state));
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.alerts.resting.delete(key);
      this.touch(key);
    }
  }

  /** Writes an alert again to record the outcome watermark, if no write has recorded it. */
  confirm(publishedBefore: number): void {
    const key = this.watermark.unrecordedSince(publishedBefore);
    if (key !== undefined && this.get(key)) this.touch(key);
  }

  /** Returns why the alert takes no commands; undefined for nearly all. */
  refusalOf(key: string): Refused | undefined {
    if (this.restored.unreadable.has(key)) return unreadable;
    return this.unwritten.has(key) ? unwritable : undefined;
  }

  /** Whether more outcomes wait than may: no page may be given up now. */
  get isBehind(): boolean {
    return this.outcomes.backlog > mostPendingOutcomes;
  }

  /** Whether the ledger cannot be written now. */
  get isHeldUp(): boolean {
    return this.states.isHeldUp;
  }

  /** Resolves once the ledger holds all present states; rejects with PartitionLost. */
  durable(): Promise<void> {
    return this.states.written();
  }

  /** Like `durable`, for one alert, but resolves with false while a write is slow. */
  async durableInTime(key: string): Promise<boolean> {
    return this.alerts.isDurable(key) || this.states.writtenInTime();
  }

  /**
   * Resolves once the ledger holds a batch of commands, and with `hasEvents` the outcomes without a page are published:
   * then the offset may be committed. Rejects as `withTimeout` does; the redelivered batch changes nothing twice.
   */
  batchDurable(hasEvents: boolean): Promise<void> {
    return this.states.withTimeout(this.batchWritten(hasEvents));
  }

  /** Resolves once everything is written and published, or the partition is lost. */
  async drained(): Promise<void> {
    const [states, outcomes] = [this.states, this.outcomes.writes];
    while (states.idle || outcomes.idle) await Promise.all([states.idle, outcomes.idle]);
  }

  private async batchWritten(hasEvents: boolean): Promise<void> {
    for (const key of this.unwritten) this.touch(key);
    const [refusals, unwritten] = [this.refusals, this.unwritten.size];
    await this.states.written();
    // No record lists the pages of refused alerts that were given up: their outcomes come with the next write.
    const isUnlisted = hasEvents || this.refusals > refusals;
    if (this.refusals > refusals) await this.states.written();
    // The commands of such an alert become dead letters when the batch is delivered again.
    if (this.unwritten.size > unwritten) throw new LedgerBusy(this.partition, 'refuses an alert');
    if (isUnlisted || this.isBehind) await this.outcomes.writes.written();
  }

  lose(): void {
    this.waiting.leave();
    this.states.lose();
    this.outcomes.writes.lose();
  }

  /** Requests a write of the alert, in its state when the write begins. */
  private touch(key: string, outcomes: Outcomes = []): void {
    const known = this.changed.get(key);
    this.changed.set(key, known ? [...known, ...outcomes] : outcomes);
    this.states.request(this.write);
  }

  private readonly write = async (): Promise<void> => {
    const { writer, metrics } = this.its;
    const changed = this.changed;
    this.changed = new Map();
    this.writes += 1;
    const { partition, generation, writes: write } = this;
    const common = { partition, generation, write, watermark: this.watermark.at(this.outcomes.upTo) };
    const states = Array.from(changed.keys(), (key): LedgerWrite => ({ ...common, key, state: this.get(key) }));
    const refused = await this.states.send((signal) => writer.states(states, signal));
    metrics.ledgerWrite('ok');
    const details = new Map(refused.map(({ key, detail }) => [key, detail]));
    const outcomes = states.flatMap(({ key, state }) => {
      const detail = details.get(key);
      const added = changed.get(key) ?? [];
      return detail === undefined ? this.hold(key, state, added) : this.refuse(key, detail, added);
    });
    this.watermark.onRecorded(common.watermark);
    this.outcomes.add(write, outcomes);
  };

  /** Records that the ledger holds this state now. Returns the outcomes to publish. */
  private hold(key: string, state: AlertState | undefined, added: Outcomes): Outcomes {
    this.alerts.hold(key, state);
    this.unwritten.delete(key);
    this.watermark.onWritten(key, this.writes);
    if (!state) return added;
    const unpublished = this.outcomes.unpublishedIn(state, this.alerts.entry(key)?.state);
    this.alerts.rest(key);
    return [...added, ...unpublished];
  }

  /**
   * Gives up the pages without a call of an alert that Kafka will never accept: the limit of the topic is too small for it.
   * Returns the outcomes to publish; those of the pages are published with the next write.
   */
  private refuse(key: string, detail: string, added: Outcomes): Outcomes {
    const { metrics, notices, clock } = this.its;
    metrics.ledgerWrite('refused');
    this.refusals += 1;
    const { state, durable } = this.alerts.entry(key) ?? {};
    const aside = state && setAside(state, durable, detail, clock.now());
    if (!aside || JSON.stringify(aside.kept) === JSON.stringify(state)) {
      this.unwritten.add(key);
      notices.unwritten(key, detail);
      return added;
    }
    for (const { page } of aside.givenUp) notices.undeliverable({ ...state, ...page, detail });
    this.alerts.set(key, aside.kept.pages.length > 0 ? aside.kept : undefined);
    this.touch(key, [...added, ...this.outcomes.admitted(aside.givenUp)]);
    return [];
  }
}
