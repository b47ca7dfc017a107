import { Inject, Injectable } from '@nestjs/common';
import { counterOf, LOG, showGauge } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { type Counter, Gauge, Registry } from 'prom-client';
import type { RelayObserver } from './outbox-relay.ts';
import type { Backlog } from './relay-session.ts';

/** Tells metrics, log and health how the outbox is doing. */
@Injectable()
export class OutboxMetrics implements RelayObserver {
  private backlog: Backlog = { records: 0, oldestAt: undefined };
  private broken: 'database' | 'kafka' | undefined;
  private readonly records: Gauge;
  private readonly leader: Gauge;
  private readonly publishedTotal: Counter;

  constructor(
    registry: Registry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const registers = [registry];
    const name = (suffix: string) => `pagebridge_outbox_${suffix}`;
    this.records = new Gauge({ name: name('records'), help: 'Events that Kafka does not have yet.', registers });
    this.leader = new Gauge({ name: name('leader'), help: '1 where this process publishes the outbox.', registers });
    this.publishedTotal = counterOf(registry, name('published_total'), 'Events acknowledged by Kafka.');
    showGauge(registry, name('oldest_age_seconds'), 'Age of the oldest event that Kafka does not have yet.', () => {
      const { oldestAt } = this.backlog;
      return oldestAt ? Math.max(0, Date.now() - oldestAt.getTime()) / 1000 : 0;
    });
  }

  /** Whether the database answered when the outbox was last looked at. */
  database(): { ok: boolean; detail?: string } {
    return this.broken === 'database' ? { ok: false, detail: 'the database does not answer' } : { ok: true };
  }

  looked(backlog: Backlog, leading: boolean): void {
    this.backlog = backlog;
    this.records.set(backlog.records);
    this.leader.set(leading ? 1 : 0);
  }

  published(records: number): void {
    this.publishedTotal.inc(records);
  }

  failing(part: 'database' | 'kafka', error: unknown): void {
    this.broken = part;
    const cause = error instanceof Error ? error.message : String(error);
    this.log.warn({ cause }, `the outbox waits for ${part === 'kafka' ? 'Kafka' : 'the database'}; nothing is lost`);
  }

  recovered(): void {
    this.broken = undefined;
    this.log.info({}, 'the outbox is being published again');
  }
}
