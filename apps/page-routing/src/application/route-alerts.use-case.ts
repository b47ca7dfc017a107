import type { Alert, Event } from '@pagebridge/contracts';
import { decide, type Registry } from '../domain/decide.ts';
import { unknownNameOf, type Verdict } from '../domain/decision.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import type { AlertResult, Decided, DecisionPublisher, RoutingMeter } from './ports.ts';
import { wishesFor } from './wishes.ts';

/** An alert that is refused as a whole; `index` is its place among those given. */
export interface Refused {
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
}

/** Routes alerts, many at a time: decides each, then publishes everything at once. */
export class RouteAlerts {
  constructor(
    private readonly registry: Registry,
    private readonly publisher: DecisionPublisher,
    private readonly limiter: SyncLimiter,
    private readonly meter: RoutingMeter,
    private readonly clock: () => Date,
  ) {}

  /**
   * Resolves once everything decided is safely written, with the alerts that were refused as a whole.
   *
   * Rejects if that is not sure: the caller gives the same alerts again, and the same ids come out.
   */
  async route(events: readonly Event<Alert>[]): Promise<Refused[]> {
    const now = this.clock();
    const verdicts = events.map((event) => decide(event, this.registry, now));
    const decided = verdicts.flatMap((verdict, index): Decided[] => {
      const event = events[index];
      return verdict.ok && event ? [{ event, decisions: verdict.decisions }] : [];
    });
    await this.publish(decided, now);
    for (const verdict of verdicts) this.count(verdict);
    return verdicts.flatMap((verdict, index) =>
      verdict.ok ? [] : [{ index, reason: verdict.reason, detail: verdict.detail }],
    );
  }

  private async publish(decided: readonly Decided[], now: Date): Promise<void> {
    const wishes = wishesFor(decided, this.registry, this.limiter, now);
    try {
      await this.publisher.publish(decided, wishes);
    } catch (error) {
      // The alerts come again, and their wishes must then pass the limiter.
      for (const { request } of wishes) this.limiter.giveBack(request.connectionId);
      throw error;
    }
  }

  private count(verdict: Verdict): void {
    this.meter.alert(resultOf(verdict));
    for (const decision of verdict.ok ? verdict.decisions : []) {
      this.meter.decision(decision.kind);
      if (decision.kind === 'page' && decision.failover) this.meter.failover(decision.failover.result);
      if (decision.kind === 'unrouted') this.meter.unrouted(decision.record.reason);
      else if (unknownNameOf(decision) !== undefined) this.meter.fallback();
    }
  }
}

function resultOf(verdict: Verdict): AlertResult {
  if (!verdict.ok) return verdict.reason;
  const kinds = new Set(verdict.decisions.map(({ kind }) => kind));
  if (kinds.has('page')) return 'paged';
  if (kinds.has('resolve')) return 'resolved';
  return kinds.size > 0 ? 'unrouted' : 'no-handles';
}
