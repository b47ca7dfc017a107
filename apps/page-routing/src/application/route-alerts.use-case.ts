import { setImmediate } from 'node:timers/promises';
import type { Alert } from '@pagebridge/contracts';
import { decide, type Registry } from '../domain/decide.ts';
import type { Decision, Refused } from '../domain/decision.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import { tooOld } from '../domain/too-old.ts';
import type {
  Decided,
  DecisionPublisher,
  Decisions,
  ReadAlert,
  RoutingMeter,
  RoutingNotices,
  SyncWish,
  Unwritable,
} from './ports.ts';
import { Tally } from './tally.ts';
import { wishesFor } from './wishes.ts';

/** An alert for the dead letters. */
export interface ParkedAlert {
  readonly offset: number;
  readonly reason: Refused['reason'] | 'unwritable';
  readonly detail: string;
}

export interface RouteAlertsParts {
  readonly registry: Registry;
  readonly publisher: DecisionPublisher;
  readonly limiter: SyncLimiter;
  readonly meter: RoutingMeter;
  readonly notices: RoutingNotices;
  readonly clock: () => Date;
  /** An alert that is older when it is read pages nobody. */
  readonly maxAgeMs: number;
}

/** Routes alerts, many at a time: each part is on its way while the next one is decided. */
export class RouteAlerts {
  constructor(private readonly its: RouteAlertsParts) {}

  /**
   * Resolves once everything decided is safely written, with the alerts that go to the dead letters instead.
   *
   * Rejects if that is not sure: the caller gives the same alerts again, and the same ids come out.
   */
  async route(parts: Iterable<readonly ReadAlert[]>): Promise<ParkedAlert[]> {
    const run: Run = { now: this.its.clock(), tally: new Tally(), parked: [], wishes: [] };
    try {
      const unwritable = await this.publishAll(parts, run);
      run.tally.tell(this.its.meter);
      if (unwritable.length > 0) this.its.meter.alerts('unwritable', unwritable.length);
      return [...run.parked, ...unwritable.map((alert) => ({ ...alert, reason: 'unwritable' as const }))];
    } catch (error) {
      // The alerts come again, and their wishes must then pass the limiter.
      for (const { request } of run.wishes) this.its.limiter.giveBack(request.connectionId);
      throw error;
    }
  }

  private async publishAll(parts: Iterable<readonly ReadAlert[]>, run: Run): Promise<Unwritable[]> {
    const writes: Promise<readonly Unwritable[]>[] = [];
    for (const alerts of parts) {
      const write = this.its.publisher.publish(this.decideAll(alerts, run));
      // It may reject before it is awaited.
      write.catch(() => undefined);
      writes.push(write);
      // Between two parts the answers of Kafka are heard, and other partitions have their turn; the next part is read
      // when that is over, so that what was read and not decided does not pile up.
      await setImmediate();
    }
    // When the alerts come again, nothing of them is under way any more.
    await Promise.allSettled(writes);
    return (await Promise.all(writes)).flat();
  }

  private decideAll(alerts: readonly ReadAlert[], run: Run): Decisions {
    const { registry, limiter, maxAgeMs, notices } = this.its;
    const decided: Decided[] = [];
    for (const { event, offset, writtenAtMs } of alerts) {
      const verdict = tooOld(event.data, writtenAtMs, run.now, maxAgeMs) ?? decide(event, registry, run.now);
      run.tally.add(verdict);
      if (verdict.ok) {
        decided.push({ event, offset, decisions: verdict.decisions });
        tellOf(event.data, verdict.decisions, notices);
      } else {
        run.parked.push({ offset, reason: verdict.reason, detail: verdict.detail });
      }
    }
    const wishes = wishesFor(decided, registry, limiter, run.now);
    run.wishes.push(...wishes);
    return { decided, wishes };
  }
}

/** What one call has come to so far. */
interface Run {
  readonly now: Date;
  readonly tally: Tally;
  readonly parked: ParkedAlert[];
  readonly wishes: SyncWish[];
}

function tellOf(alert: Alert, decisions: readonly Decision[], notices: RoutingNotices): void {
  for (const decision of decisions) {
    if (decision.kind === 'unrouted') notices.unrouted(decision.record);
    else if (decision.kind !== 'resolve' && decision.fallbackFor) {
      notices.fellBack(alert, decision.fallbackFor, decision.resolution);
    }
  }
}
