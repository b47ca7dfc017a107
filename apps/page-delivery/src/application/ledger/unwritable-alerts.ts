import type { AlertState } from '@pagebridge/contracts';
import { abandoned, leanest, setAside } from '../../domain/ledger/set-aside.ts';
import { type Fact, type Owed, owed } from '../../domain/report.ts';
import type { Notices } from '../notices.ts';
import type { Clock, Telemetry } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';
import { isLetter } from './outcomes.ts';
import { PartitionLost } from './partition-lost.ts';

export interface UnwritableParts {
  readonly clock: Clock;
  readonly notices: Pick<Notices, 'changed' | 'forgotten'>;
  readonly telemetry: Telemetry;
  /** The alert is to be written as it is now, with these facts. */
  readonly touch: (key: string, facts?: readonly Fact[]) => void;
  /** Rejects with PartitionLost, or not at all. */
  readonly writeLetters: (owing: readonly Owed[]) => Promise<void>;
}

/**
 * The alerts of a partition that Kafka will never take as they are, by their own fault.
 *
 * The pages of such an alert that nobody was called for are given up: first their dead letters are written, then a lean
 * record of the pages that may exist. Until then its changes are held back, and no others.
 */
export class UnwritableAlerts {
  private readonly burials = new Map<string, Promise<void>>();
  private refusals = 0;

  constructor(
    private readonly alerts: AlertTable,
    private readonly its: UnwritableParts,
  ) {}

  /** Alerts that wait for the dead letters of their pages. */
  get heldBack(): ReadonlyMap<string, Promise<void>> {
    return this.burials;
  }

  /** How often an alert has been refused. */
  get refused(): number {
    return this.refusals;
  }

  /**
   * Sets an alert aside that was refused; answers whether it is, and its facts told later. One that has come to rest or was
   * forgotten needs nothing: the ledger goes on to hold what it held.
   */
  setAside(key: string, refused: AlertState | undefined, detail: string, facts: readonly Fact[]): boolean {
    const { telemetry, notices, clock, touch } = this.its;
    const entry = this.alerts.entry(key);
    telemetry.ledgerWrite('refused', 1);
    if (!entry?.state) return false;
    this.refusals += 1;
    const now = clock.now();
    const aside = setAside(entry.state, entry.durable, detail, now);
    notices.changed(entry.state, aside, now);
    const isLean = JSON.stringify(leanest(aside)) === JSON.stringify(refused);
    if (isLean) this.abandon(key, aside, detail, facts);
    else {
      this.alerts.set(key, aside);
      touch(key, facts);
      this.burials.set(key, this.bury(key));
    }
    return true;
  }

  /** Not even a lean record is taken: the alert is forgotten, and what it owed is told all the same. */
  private abandon(key: string, aside: AlertState, detail: string, facts: readonly Fact[]): void {
    const { notices, clock, touch } = this.its;
    const last = abandoned(aside, detail, clock.now());
    notices.changed(aside, last, clock.now());
    notices.forgotten(last, detail);
    this.alerts.set(key, undefined);
    touch(key, [...facts, ...owed(last)]);
  }

  private async bury(key: string): Promise<void> {
    const buried = new Set<string>();
    // Others may be given up meanwhile: all letters are written before the words are dropped.
    const unburied = (): Owed[] => {
      const state = this.alerts.get(key);
      const owing = state ? owed(state) : [];
      return owing.filter(({ outcome, page }) => isLetter(outcome) && page.content && !buried.has(page.pageId));
    };
    try {
      // Not in the tick in which it is set aside: its end must come after its beginning is noted.
      await null;
      for (let owing = unburied(); owing.length > 0; owing = unburied()) {
        await this.its.writeLetters(owing);
        for (const { page } of owing) buried.add(page.pageId);
      }
    } catch (error) {
      // The partition is lost: its next owner reads the commands again.
      if (!(error instanceof PartitionLost)) throw error;
      return;
    } finally {
      this.burials.delete(key);
    }
    const state = this.alerts.get(key);
    if (state) this.alerts.set(key, leanest(state));
    this.its.touch(key);
  }
}
