import type { AlertState } from '@pagebridge/contracts';
import type { Restored } from '@pagebridge/page-lifecycle';
import { type Admission, type Effect, type Input, pageOf, type Stepped, step } from '@pagebridge/page-lifecycle';
import type { LedgerWrite, PendingOutcome } from '../ports.ts';
import { AlertTable } from './alert-table.ts';
import type { LedgerPartitionParts } from './ledger-partition-parts.ts';
import { LedgerBusy, PartitionLost } from './partition-lost.ts';
import { PendingOutcomes } from './pending-outcomes.ts';
import { RecordTime } from './record-time.ts';
import { WaitingTotals } from './waiting-totals.ts';
import { WatermarkTracker } from './watermark-tracker.ts';
import { WriteLoop } from './write-loop.ts';

// Each costs a record of up to a million bytes at each sweep.
const maxRetriedAtOnce = 10;

type Outcomes = readonly PendingOutcome[];

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
  /** To read: changes go through `step`, which writes them. */
  readonly alerts: AlertTable;
  /** The writes of the alerts. */
  readonly writes: WriteLoop;
  private readonly outcomes: PendingOutcomes;
  private readonly watermark: WatermarkTracker;
  private readonly waiting: WaitingTotals;
  /** The alerts that changed since the last write, each with the outcomes to publish with it. */
  private changed = new Map<string, Outcomes>();
  private writeNumber = 0;
  private refusals = 0;
  /** The time by which idle alerts age: a clock that is ahead of all records forgets none. */
  readonly recordTime: RecordTime;
  /** The alerts of which Kafka refuses even the smallest record. */
  private readonly unwritten = new Set<string>();

  constructor(
    readonly partition: number,
    readonly ownerEpoch: number,
    /** `end`: the offset up to which the ledger was read. */
    private readonly restored: Pick<Restored, 'idle' | 'unreadable' | 'end' | 'newestAt'>,
    private readonly deps: LedgerPartitionParts,
  ) {
    const { clock, log, lease } = deps;
    this.recordTime = new RecordTime(clock, restored.newestAt);
    this.waiting = new WaitingTotals(deps.waiting);
    this.alerts = new AlertTable(restored.idle, this.waiting);
    this.watermark = new WatermarkTracker(restored.end);
    this.writes = new WriteLoop(partition, clock, log, lease);
    this.outcomes = new PendingOutcomes({ ...deps, partition, alerts: this.alerts, watermark: this.watermark });
  }

  get lost(): boolean {
    return this.writes.lost;
  }

  get(key: string): AlertState | undefined {
    return this.alerts.get(key);
  }

  /** Takes over what was read from the ledger: hands out the work of the alerts that wait, and of the others, `alerts`. */
  restore(alerts: ReadonlyMap<string, AlertState>): void {
    for (const [key, state] of this.alerts.idle.waiting()) {
      this.waiting.changed(state.sourceOrg, undefined, state);
      this.apply(key, state, { kind: 'restored' });
    }
    for (const [key, written] of alerts) {
      this.alerts.set(key, written);
      this.alerts.hold(key, written);
      const { effects } = this.apply(key, written, { kind: 'restored' });
      // The ledger does not show these outcomes as published: they are, perhaps again, with the same event ids.
      if (effects.some(({ kind }) => kind === 'publish')) this.watermark.inherit(key);
      else this.alerts.deactivate(key);
    }
  }

  /** Steps an alert, has it written, and carries out what follows. Throws PartitionLost. */
  step(key: string, input: Input): Stepped {
    if (this.lost) throw new PartitionLost(this.partition);
    return this.apply(key, this.get(key), input);
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.alerts.forget(key);
      this.touch(key);
    }
  }

  /** Attempts again to write the alerts that Kafka refused: the limit of the topic may have been raised. */
  retryUnwritten(): void {
    for (const key of [...this.unwritten].slice(0, maxRetriedAtOnce)) {
      // The others come first the next time.
      this.unwritten.delete(key);
      this.unwritten.add(key);
      this.touch(key);
    }
  }

  /** Writes an alert again to record the outcome watermark, if no write has recorded it. */
  confirm(publishedBefore: number): void {
    const key = this.watermark.unrecordedSince(publishedBefore);
    if (key !== undefined && this.get(key)) this.touch(key);
  }

  /** Returns why the alert takes no commands; undefined for nearly all. */
  obstacleOf(key: string): Admission['obstacle'] {
    if (this.restored.unreadable.has(key)) return 'ledger-unreadable';
    return this.unwritten.has(key) ? 'unwritable' : undefined;
  }

  /** Whether neither states nor outcomes wait. */
  get keepsUp(): boolean {
    return !this.outcomes.isBehind && !this.writes.isHeldUp;
  }

  /** Resolves once the ledger holds the alert, or with false while a write is slow; rejects with PartitionLost. */
  async durableInTime(key: string): Promise<boolean> {
    return this.alerts.isDurable(key) || this.writes.writtenInTime();
  }

  /**
   * Resolves once the ledger holds a batch of commands, and with `hasOutcomes` the outcomes that no page lists are
   * published: then the offset may be committed. Rejects as `withTimeout` does; the redelivered batch changes nothing twice.
   */
  batchDurable(hasOutcomes: boolean): Promise<void> {
    return this.writes.withTimeout(this.batchWritten(hasOutcomes));
  }

  /** Resolves once everything is written and published, or the partition is lost. */
  async drained(): Promise<void> {
    const { writes, outcomes } = this;
    for (let left = [writes.flush(), outcomes.writes.flush()]; left.some(Boolean); ) {
      await Promise.all(left);
      left = [writes.flush(), outcomes.writes.flush()];
    }
  }

  private async batchWritten(hasOutcomes: boolean): Promise<void> {
    const [refusals, unwritten] = [this.refusals, this.unwritten.size];
    await this.writes.written();
    const isReduced = this.refusals > refusals;
    // No record lists the pages of refused alerts that were given up: their outcomes come with the next write.
    if (isReduced) await this.writes.written();
    // The commands of such an alert become dead letters when the batch is delivered again.
    if (this.unwritten.size > unwritten) throw new LedgerBusy(this.partition, 'has an alert that Kafka rejects');
    if (hasOutcomes || isReduced || this.outcomes.isBehind) await this.outcomes.writes.written();
  }

  lose(): void {
    this.waiting.leave();
    this.writes.lose();
    this.outcomes.writes.lose();
  }

  /** Requests a write of the alert, in its state when the write begins. */
  private touch(key: string, outcomes: Outcomes = [], isUrgent = true): void {
    const known = this.changed.get(key);
    this.changed.set(key, known ? [...known, ...outcomes] : outcomes);
    this.writes.request(this.write, isUrgent);
  }

  private readonly write = async (): Promise<void> => {
    const { writer, metrics } = this.deps;
    const changed = this.changed;
    this.changed = new Map();
    this.writeNumber += 1;
    const { partition, ownerEpoch, writeNumber: write } = this;
    const common = { partition, ownerEpoch, write, watermark: this.watermark.at(this.outcomes.upTo) };
    const states = Array.from(changed.keys(), (key): LedgerWrite => ({ ...common, key, state: this.get(key) }));
    // No tombstone for an alert that is not in the ledger, or whose record there cannot be read.
    const records = states.filter(({ key, state }) => state || !this.alerts.isAbsent(key));
    const refused = await this.writes.send((signal) => writer.states(records, signal));
    metrics.ledgerWrite('ok');
    const outcomes = states.flatMap(({ key, state }) => {
      const detail = refused.get(key);
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
    this.watermark.onWritten(key, this.writeNumber);
    this.alerts.deactivate(key);
    return added;
  }

  /**
   * Gives up the pages without a call of an alert that Kafka will never accept: the limit of the topic is too small for it.
   * Returns the outcomes to publish; those of the pages are published with the next write.
   */
  private refuse(key: string, detail: string, added: Outcomes): Outcomes {
    this.deps.metrics.ledgerWrite('refused');
    this.refusals += 1;
    const { state, durable } = this.alerts.entry(key) ?? {};
    const { alert } = this.apply(key, state, { kind: 'unwritable', inLedger: durable, detail });
    if (alert === state) {
      this.unwritten.add(key);
      this.deps.operatorLog.unwritten(key, detail);
      // The outcomes of its pages wait for a record that lists them.
      const isListed = ({ page }: PendingOutcome) => page && pageOf(state, page.pageId);
      const listed = added.filter(isListed);
      if (listed.length > 0) this.changed.set(key, [...listed, ...(this.changed.get(key) ?? [])]);
      return added.filter((outcome) => !isListed(outcome));
    }
    this.touch(key, added);
    return [];
  }

  private apply(key: string, before: AlertState | undefined, input: Input): Stepped {
    const stepped = step(before, input, this.deps.clock.now(), this.deps.terms);
    const { alert, effects } = stepped;
    const outcomes = this.carryOut(key, alert, effects);
    if (alert !== before || outcomes.length > 0) {
      this.alerts.set(key, alert);
      // Until the ledger holds a failed call, it says that the call was begun: the next owner would repeat it, tagged.
      this.touch(key, outcomes, !(input.kind === 'answered' && input.answer.kind === 'failed'));
    }
    return stepped;
  }

  /** Carries out effects in their order. Returns the outcomes to publish once the ledger holds the alert. */
  private carryOut(key: string, alert: AlertState | undefined, effects: readonly Effect[]): Outcomes {
    const { texts, operatorLog, metrics, scheduler } = this.deps;
    const outcomes: PendingOutcome[] = [];
    for (const effect of effects) {
      switch (effect.kind) {
        case 'keep-text':
          texts.keep(this.partition, effect.received);
          break;
        case 'log':
          operatorLog.tell(effect.notice);
          if (effect.notice.kind === 'fails-over') metrics.failedOver();
          break;
        case 'call-off':
          scheduler.end(key, effect.page);
          break;
        case 'call':
          if (alert) scheduler.begin(this, key, alert, effect);
          break;
        case 'publish':
          // A batch that is delivered again has the same outcomes.
          if (this.outcomes.admits(effect.pending)) outcomes.push(effect.pending);
          break;
        case 'park':
        case 'postpone':
          // The caller does this once the batch is durable.
          break;
      }
    }
    return outcomes;
  }
}
