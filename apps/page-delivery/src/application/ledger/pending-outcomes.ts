import type { PageState } from '@pagebridge/contracts';
import { outcomeId, pageOf, reported, type UnreportedOutcome } from '@pagebridge/page-lifecycle';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { PendingOutcome } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';
import type { LedgerPartitionParts } from './ledger-partition-parts.ts';
import type { WatermarkTracker } from './watermark-tracker.ts';
import { WriteLoop } from './write-loop.ts';

// Outcomes `retried` are for information only and may be lost: at most so many are held while none can be published.
const maxPendingRetries = 10_000;
// A partition that cannot publish so many outcomes takes no more commands: each takes 3 KB of memory.
const maxPending = 2000;

interface Parts extends Pick<LedgerPartitionParts, 'writer' | 'metrics' | 'clock' | 'log' | 'lease'> {
  readonly partition: number;
  readonly alerts: AlertTable;
  readonly watermark: WatermarkTracker;
}

/**
 * The pending outcomes of one partition: each is published once, however often its state is written.
 *
 * They are published in the order of the writes, after the ledger holds them. The ledger does not wait for it: the
 * states list the unreported outcomes, and the next owner publishes them if the process dies.
 */
export class PendingOutcomes {
  /** The ids of the outcomes that wait for their state, wait to be published, or are being published. */
  private readonly ids = new Set<string>();
  private waiting: PendingOutcome[] = [];
  private underWay = 0;
  private addedUpTo = 0;
  /** The last write whose outcomes are all published; 0 if there is none. */
  upTo = 0;

  readonly writes: WriteLoop;

  constructor(private readonly deps: Parts) {
    this.writes = new WriteLoop(deps.partition, deps.clock, deps.log, deps.lease);
  }

  /** Returns whether an outcome is not pending already: then it must be added once the ledger holds its state. */
  admits(outcome: PendingOutcome): boolean {
    if (outcome.outcome.outcome === 'retried') return this.backlog < maxPendingRetries;
    const id = idOf(outcome);
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    return true;
  }

  /** Must be called for each write, also for a write without outcomes. */
  add(write: number, outcomes: readonly PendingOutcome[]): void {
    for (const outcome of outcomes) this.waiting.push(outcome);
    this.addedUpTo = write;
    // Nobody waits for an outcome `retried`.
    this.writes.request(
      this.publish,
      outcomes.some(({ outcome }) => outcome.outcome !== 'retried'),
    );
  }

  /** Whether so many outcomes wait that there may be no more of them. */
  get isBehind(): boolean {
    return this.backlog > maxPending;
  }

  private get backlog(): number {
    return this.waiting.length + this.underWay;
  }

  private readonly publish = async (): Promise<void> => {
    const [outcomes, upTo] = [this.waiting, this.addedUpTo];
    this.waiting = [];
    this.underWay = outcomes.length;
    if (outcomes.length > 0) await this.send(outcomes);
    this.underWay = 0;
    for (const outcome of outcomes) this.onPublished(outcome, upTo);
    this.upTo = upTo;
  };

  // The dead letter of a page is written before its outcome `undeliverable`.
  private async send(outcomes: readonly PendingOutcome[]): Promise<void> {
    const { writes } = this;
    const { writer, partition } = this.deps;
    const givenUp = outcomes.filter(isOfPageGivenUp);
    if (givenUp.length > 0) await writes.send((signal) => writer.deadLetters(partition, givenUp, signal));
    await writes.send((signal) => writer.outcomes(outcomes, signal));
  }

  private onPublished(outcome: PendingOutcome, write: number): void {
    this.ids.delete(idOf(outcome));
    this.deps.metrics.outcome(outcome.outcome, outcome.page?.occurredAt);
    if (outcome.page) this.markReported(outcome, outcome.page, write);
  }

  /** Removes the outcome from the page's `unreported`. The next write of the ledger includes this. */
  private markReported({ outcome }: PendingOutcome, page: PageState, write: number): void {
    const { alerts, watermark, clock } = this.deps;
    const key = alertIdentity(outcome.sourceOrg, outcome.alertKey);
    const now = alerts.entry(key)?.state;
    if (!now) return;
    // A page that was replayed meanwhile has outcomes of its own.
    if (pageOf(now, page.pageId)?.replayedFrom === page.replayedFrom) {
      const isDurable = alerts.isDurable(key);
      const state = reported(now, [outcome]);
      alerts.set(key, state);
      // A published outcome changes no work, so the state counts as equal to the one in the ledger.
      if (isDurable) alerts.hold(key, state);
    }
    watermark.onPublished(key, write, clock.now().getTime());
    alerts.deactivate(key);
  }
}

// A replay of a page has outcomes of its own, and so has a command that was refused before its page was accepted and given up. Two
// alerts may have pages with one id.
const idOf = ({ outcome, page }: PendingOutcome): string =>
  `${outcomeId(outcome)}@${page ? (page.replayedFrom ?? '') : 'command'} ${alertIdentity(outcome.sourceOrg, outcome.alertKey)}`;

const isOfPageGivenUp = (pending: PendingOutcome): pending is UnreportedOutcome =>
  pending.page !== undefined && pending.outcome.outcome === 'undeliverable';
