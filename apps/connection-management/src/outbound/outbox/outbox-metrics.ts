import { Inject, Injectable } from '@nestjs/common';
import { StoreUnavailable } from '@pagebridge/database';
import { counterOf, LOG, showGauge } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { type Counter, Gauge, Registry } from 'prom-client';
import { type Backlog, mostCounted } from './outbox.ts';
import type { FailingPart, RelayObserver } from './outbox-relay.ts';

/** Exports the state of the outbox to metrics, log and health. */
@Injectable()
export class OutboxMetrics implements RelayObserver {
  private backlog: Backlog = { records: 0, oldestAt: undefined };
  private broken: { readonly part: FailingPart; readonly cause: string } | undefined;
  private readonly records: Gauge;
  private readonly publishedTotal: Counter;
  private readonly overtakenTotal: Counter;

  constructor(
    registry: Registry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const registers = [registry];
    const name = (suffix: string) => `pagebridge_outbox_${suffix}`;
    this.records = new Gauge({
      name: name('records'),
      help: `Unpublished events. The count stops at ${mostCounted}.`,
      registers,
    });
    this.publishedTotal = counterOf(registry, name('published_total'), 'Events that Kafka acknowledged.');
    const overtaken = 'Events queued again because another instance published at the same time.';
    this.overtakenTotal = counterOf(registry, name('overtaken_total'), overtaken);
    showGauge(registry, name('oldest_age_seconds'), 'Age of the oldest unpublished event in seconds.', () => {
      const { oldestAt } = this.backlog;
      return oldestAt ? Math.max(0, Date.now() - oldestAt.getTime()) / 1000 : 0;
    });
  }

  /** Returns whether the relay could use the outbox when it last tried; if not, with the cause. */
  health(): { readonly ready: boolean; readonly detail?: string } {
    return this.broken?.part === 'database' ? { ready: false, detail: this.broken.cause } : { ready: true };
  }

  looked(backlog: Backlog): void {
    this.backlog = backlog;
    this.records.set(backlog.records);
  }

  published(records: number): void {
    this.publishedTotal.inc(records);
  }

  overtaken(records: number): void {
    this.overtakenTotal.inc(records);
    this.log.warn({ records }, 'another instance published too; republishing events');
  }

  failing(part: FailingPart, error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    this.broken = { part, cause };
    const bug = 'outbox publishing failed: internal error';
    if (part === 'relay') return void this.log.error({ error }, bug);
    // The health answers without a token, so the text of the driver, with users and hosts, is only in the log.
    const driver = error instanceof StoreUnavailable ? { driver: String(error.cause) } : {};
    this.log.warn({ part, cause, ...driver }, 'outbox publishing delayed');
  }

  recovered(): void {
    this.broken = undefined;
    this.log.info({}, 'outbox publishing resumed');
  }
}
