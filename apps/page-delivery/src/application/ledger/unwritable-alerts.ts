import type { AlertState } from '@pagebridge/contracts';
import { abandoned, setAside } from '../../domain/ledger/set-aside.ts';
import type { OutcomeEvent } from '../../domain/outcomes.ts';
import type { Notices } from '../notices.ts';
import type { Clock, Metrics } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';

export interface UnwritableParts {
  readonly alerts: AlertTable;
  readonly clock: Clock;
  readonly notices: Pick<Notices, 'undeliverable' | 'forgotten'>;
  readonly metrics: Metrics;
  readonly touch: (key: string, events: readonly OutcomeEvent[]) => void;
}

/**
 * The alerts of a partition whose records Kafka will never accept: the limit of the topic is too small for them.
 *
 * The pages of such an alert for which no call was made are given up, and a smaller record is written. No record lists
 * their outcomes, so these are published before the offset of their commands is committed.
 */
export class UnwritableAlerts {
  private refusals = 0;

  constructor(private readonly its: UnwritableParts) {}

  get refused(): number {
    return this.refusals;
  }

  /**
   * Sets a refused alert aside, or forgets it if its record cannot be smaller; its events are published with the next
   * write. Returns false for an alert that is at rest or forgotten: the ledger keeps its former record.
   */
  setAside(key: string, refused: AlertState | undefined, detail: string, events: readonly OutcomeEvent[]): boolean {
    const { alerts, metrics, notices, clock, touch } = this.its;
    const { state, durable } = alerts.entry(key) ?? {};
    metrics.ledgerWrite('refused');
    if (!state) return false;
    this.refusals += 1;
    const aside = setAside(state, durable, detail, clock.now());
    const isHopeless = state === refused && aside.kept.pages.length === state.pages.length;
    const { kept, givenUp } = isHopeless ? abandoned(state, detail, clock.now()) : aside;
    if (isHopeless) notices.forgotten(state, detail);
    for (const { page } of givenUp) notices.undeliverable({ ...state, ...page, detail });
    alerts.set(key, isHopeless ? undefined : kept);
    touch(key, [...events, ...givenUp]);
    return true;
  }
}
