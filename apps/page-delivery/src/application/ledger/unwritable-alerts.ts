import type { AlertState } from '@pagebridge/contracts';
import { abandoned, leanest, setAside } from '../../domain/ledger/set-aside.ts';
import { type OutcomeEvent, type UnreportedOutcome, unreportedOutcomes } from '../../domain/outcomes.ts';
import type { Notices } from '../notices.ts';
import type { Clock, Metrics } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';
import { PartitionLost } from './partition-lost.ts';
import { hasDeadLetter, type PendingOutcomes } from './pending-outcomes.ts';

export interface UnwritableParts {
  readonly alerts: AlertTable;
  readonly outcomes: Pick<PendingOutcomes, 'writeDeadLetters'>;
  readonly clock: Clock;
  readonly notices: Pick<Notices, 'changed' | 'forgotten'>;
  readonly metrics: Metrics;
  readonly touch: (key: string, events?: readonly OutcomeEvent[]) => void;
}

/**
 * The alerts of a partition whose records Kafka will never accept, because they are too large or not valid.
 *
 * The pages of such an alert for which no call was made are given up: first their dead letters are written, then a
 * smaller record with the pages that may exist. Meanwhile only the changes of this alert are held back.
 */
export class UnwritableAlerts {
  private readonly pending = new Map<string, Promise<void>>();
  private refusals = 0;

  constructor(private readonly its: UnwritableParts) {}

  /** The alerts that wait until the dead letters of their pages are written. */
  get heldBack(): ReadonlyMap<string, Promise<void>> {
    return this.pending;
  }

  get refused(): number {
    return this.refusals;
  }

  /**
   * Sets a refused alert aside; its events are published later. Returns false for an alert that is at rest or
   * forgotten: the ledger keeps its former record.
   */
  setAside(key: string, refused: AlertState | undefined, detail: string, events: readonly OutcomeEvent[]): boolean {
    const { alerts, metrics, notices, clock, touch } = this.its;
    const entry = alerts.entry(key);
    metrics.ledgerWrite('refused');
    if (!entry?.state) return false;
    this.refusals += 1;
    const now = clock.now();
    const aside = setAside(entry.state, entry.durable, detail, now);
    notices.changed(entry.state, aside, now);
    const isLean = JSON.stringify(leanest(aside)) === JSON.stringify(refused);
    if (isLean) this.abandon(key, aside, detail, events);
    else {
      alerts.set(key, aside);
      touch(key, events);
      this.pending.set(key, this.finish(key));
    }
    return true;
  }

  /** Forgets an alert of which Kafka rejects even the smallest record. Its outcomes are still published. */
  private abandon(key: string, aside: AlertState, detail: string, events: readonly OutcomeEvent[]): void {
    const { alerts, notices, clock, touch } = this.its;
    const last = abandoned(aside, detail, clock.now());
    notices.changed(aside, last, clock.now());
    notices.forgotten(last, detail);
    alerts.set(key, undefined);
    touch(key, [...events, ...unreportedOutcomes(last)]);
  }

  private async finish(key: string): Promise<void> {
    const { alerts, outcomes, touch } = this.its;
    const written = new Set<string>();
    // More pages may be given up meanwhile. All dead letters must be written before the contents are dropped.
    const unwritten = (): UnreportedOutcome[] => {
      const state = alerts.get(key);
      const unreported = state ? unreportedOutcomes(state) : [];
      return unreported.filter(
        ({ outcome, page }) => hasDeadLetter(outcome) && page.content && !written.has(page.pageId),
      );
    };
    try {
      // `setAside` must set the entry in `pending` before it is deleted here.
      await null;
      for (let unreported = unwritten(); unreported.length > 0; unreported = unwritten()) {
        await outcomes.writeDeadLetters(unreported);
        for (const { page } of unreported) written.add(page.pageId);
      }
    } catch (error) {
      // The next owner of the partition reads the commands again.
      if (!(error instanceof PartitionLost)) throw error;
      return;
    } finally {
      this.pending.delete(key);
    }
    const state = alerts.get(key);
    if (state) alerts.set(key, leanest(state));
    touch(key);
  }
}
