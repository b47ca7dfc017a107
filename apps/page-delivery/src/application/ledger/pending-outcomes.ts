import type { AlertState, PageState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import {
  type OutcomeEvent,
  outcomeId,
  reported,
  type UnreportedOutcome,
  unreportedOutcomes,
} from '../../domain/outcomes.ts';
import { pageOf } from '../../domain/page.ts';
import type { Clock, LedgerWriter, Metrics, PendingOutcome } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';
import { OutcomePublisher } from './outcome-publisher.ts';
import type { PartitionLost } from './partition-lost.ts';
import type { Persistence } from './persistence.ts';
import type { WatermarkTracker } from './watermark-tracker.ts';

// Outcomes `retried` are for information and may get lost: so many are held while Kafka takes no outcomes.
const mostPendingRetries = 10_000;
// Memory of an outcome and its page; measured, with some room.
const bytesEach = 3072;

export interface PendingOutcomesParts {
  readonly partition: number;
  readonly alerts: AlertTable;
  readonly watermark: WatermarkTracker;
  readonly persistence: Persistence;
  readonly writer: LedgerWriter;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly onPublished: (key: string) => void;
}

/** The outcomes of one partition that are not published yet: each is published once, however often its state is written. */
export class PendingOutcomes {
  /** Ids of waiting outcomes, and of those being published. */
  private readonly ids = new Set<string>();
  private readonly publisher: OutcomePublisher<PendingOutcome>;

  constructor(private readonly its: PendingOutcomesParts) {
    this.publisher = new OutcomePublisher(
      (outcomes) => this.publish(outcomes),
      (outcomes, write) => this.onPublished(outcomes, write),
    );
  }

  get upTo(): number {
    return this.publisher.upTo;
  }

  get waitingBytes(): number {
    return this.publisher.backlog * bytesEach;
  }

  add(write: number, outcomes: readonly PendingOutcome[]): void {
    this.publisher.add(write, outcomes);
  }

  /** The outcomes of a write that are neither published nor pending: its events, and what its state lists as unreported. */
  unpublishedOf(
    events: readonly OutcomeEvent[],
    written: AlertState | undefined,
    now: AlertState | undefined,
  ): PendingOutcome[] {
    const unreported = written ? unreportedOutcomes(written).filter((outcome) => isStillUnreported(now, outcome)) : [];
    return [...events, ...unreported].filter((outcome) => this.admits(outcome));
  }

  publishedUpTo(write: number): Promise<unknown> {
    return this.publisher.publishedUpTo(write);
  }

  idle(): Promise<void> {
    return this.publisher.idle();
  }

  lose(error: PartitionLost): void {
    this.publisher.lose(error);
  }

  /** Writes the dead letters of pages that were given up. Rejects with PartitionLost only. */
  async writeDeadLetters(unreported: readonly UnreportedOutcome[]): Promise<void> {
    const { persistence, writer, partition } = this.its;
    if (unreported.length > 0) await persistence.persist((signal) => writer.deadLetters(partition, unreported, signal));
  }

  // The dead letter of a page comes before its outcome `undeliverable`.
  private async publish(outcomes: readonly PendingOutcome[]): Promise<void> {
    const { persistence, writer } = this.its;
    const ofPages = outcomes.flatMap(({ page, ...event }) => (page ? [{ ...event, page }] : []));
    await this.writeDeadLetters(ofPages.filter(({ outcome }) => hasDeadLetter(outcome)));
    await persistence.persist((signal) => writer.outcomes(outcomes, signal));
  }

  private onPublished(outcomes: readonly PendingOutcome[], write: number): void {
    for (const outcome of outcomes) {
      this.ids.delete(idOf(outcome));
      this.its.metrics.outcome(outcome.outcome, outcome.page?.occurredAt);
      if (outcome.page) this.markReported(outcome, outcome.page, write);
    }
  }

  /** Takes the outcome off the page's `unreported`; the next write of the ledger holds that. */
  private markReported({ outcome }: PendingOutcome, page: PageState, write: number): void {
    const { alerts, watermark, clock, onPublished } = this.its;
    const key = alertIdentity(outcome.sourceOrg, outcome.alertKey);
    const now = alerts.entry(key)?.state;
    if (!now) return;
    // A replay since then has outcomes of its own.
    if (pageOf(now, page.pageId)?.replayedFrom === page.replayedFrom) {
      const isDurable = alerts.isDurable(key);
      const state = reported(now, [outcome]);
      alerts.set(key, state);
      // A published outcome changes no work, so what the ledger holds counts as equal.
      if (isDurable) alerts.hold(key, state);
    }
    watermark.onPublished(key, write, clock.now().getTime());
    onPublished(key);
  }

  private admits(outcome: PendingOutcome): boolean {
    if (outcome.outcome.outcome === 'retried') return this.publisher.backlog < mostPendingRetries;
    const id = idOf(outcome);
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    return true;
  }
}

const isStillUnreported = (now: AlertState | undefined, { outcome, page }: UnreportedOutcome): boolean =>
  pageOf(now, page.pageId)?.unreported.includes(outcome.outcome) ?? false;

// A replay of a page has outcomes of its own.
const idOf = ({ outcome, page }: PendingOutcome): string => `${outcomeId(outcome)}@${page?.replayedFrom ?? ''}`;

export const hasDeadLetter = ({ outcome }: PendingOutcome['outcome']): boolean => outcome === 'undeliverable';
