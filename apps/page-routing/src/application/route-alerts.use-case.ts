import { setImmediate } from 'node:timers/promises';
import type { Alert, Event } from '@pagebridge/contracts';
import { decide, type Registry } from '../domain/decide.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import type { Decided, DecisionPublisher, Decisions, RoutingMeter, SyncWish } from './ports.ts';
import { Tally } from './tally.ts';
import { wishesFor } from './wishes.ts';

/** An alert that is refused as a whole; `index` is its place among all that were given. */
export interface Refused {
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
}

/** Routes alerts, many at a time: each part is on its way while the next one is decided. */
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
  async route(parts: Iterable<readonly Event<Alert>[]>): Promise<Refused[]> {
    const run: Run = { now: this.clock(), tally: new Tally(), refused: [], wishes: [], seen: 0 };
    try {
      await this.publisher.publish(this.decide(parts, run));
    } catch (error) {
      // The alerts come again, and their wishes must then pass the limiter.
      for (const { request } of run.wishes) this.limiter.giveBack(request.connectionId);
      throw error;
    }
    run.tally.tell(this.meter);
    return run.refused;
  }

  private async *decide(parts: Iterable<readonly Event<Alert>[]>, run: Run): AsyncGenerator<Decisions> {
    for (const events of parts) {
      yield this.decideAll(events, run);
      // Between two parts the answers of Kafka are heard, and other partitions have their turn; the next part is read
      // when that is over, so that what was read and not decided does not pile up.
      await setImmediate();
    }
  }

  private decideAll(events: readonly Event<Alert>[], run: Run): Decisions {
    const decided: Decided[] = [];
    for (const event of events) {
      const verdict = decide(event, this.registry, run.now);
      run.tally.add(verdict);
      if (verdict.ok) decided.push({ event, decisions: verdict.decisions });
      else run.refused.push({ index: run.seen, reason: verdict.reason, detail: verdict.detail });
      run.seen += 1;
    }
    const wishes = wishesFor(decided, this.registry, this.limiter, run.now);
    run.wishes.push(...wishes);
    return { decided, wishes };
  }
}

/** What one call has come to so far. */
interface Run {
  readonly now: Date;
  readonly tally: Tally;
  readonly refused: Refused[];
  readonly wishes: SyncWish[];
  seen: number;
}
