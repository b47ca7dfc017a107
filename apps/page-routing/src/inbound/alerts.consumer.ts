import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type Alert, Alerts } from '@pagebridge/contracts';
import { type BatchResult, type ConsumedRecord, KafkaError, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import { DeferredPaging } from '../application/deferred-paging/deferred-paging.ts';
import type { ReadAlert, RoutingMeter, RoutingNotices } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { readAlert } from './read-alert.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './tokens.ts';

const retryAfterMs = 500;
// Decoding a hundred alerts and then deciding on them takes 5 % less time than alternating.
const maxReadAhead = 100;
// A small compressed batch may contain many large alerts.
const maxBytesAhead = 1024 * 1024;

/** Handles batches of alerts. A batch is done when Kafka has acknowledged or finally refused every record that follows from it. */
@Controller()
export class AlertsConsumer {
  constructor(
    private readonly routing: RouteAlerts,
    @Inject(DeferredPaging) private readonly late: Pick<DeferredPaging, 'runExclusive'>,
    @Inject(ROUTING_METER) private readonly meter: RoutingMeter,
    @Inject(ROUTING_NOTICES) private readonly notices: RoutingNotices,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(Alerts.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const start = performance.now();
    const alerts = new BatchAlerts(batch.records, this.notices);
    try {
      const parked = await this.late.runExclusive(batch, () => this.routing.route(alerts, batch));
      alerts.report(this.meter);
      this.meter.batch(performance.now() - start);
      const { next } = alerts;
      if (!next) return { parked };
      // The offset of the routed alerts is committed, so that a new owner does not route them again.
      return { parked, retry: { fromOffset: next.offset, afterMs: 0, cause: 'The output of one batch is too large' } };
    } catch (error) {
      // Kafka did not acknowledge every record, but may later. Nothing is committed: the whole batch is delivered again, and
      // gives the same ids. Any other error is a bug with one alert, which the consumer finds and parks.
      if (!(error instanceof KafkaError)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}

/** The alerts of a batch, which are decoded some at a time; remembers how far they were iterated. */
class BatchAlerts implements Iterable<ReadAlert> {
  #iterated = 0;
  #keyMismatches = 0;

  constructor(
    private readonly records: readonly ConsumedRecord[],
    private readonly notices: RoutingNotices,
  ) {}

  /** The first record that was not iterated. */
  get next(): ConsumedRecord | undefined {
    return this.records[this.#iterated];
  }

  *[Symbol.iterator](): Generator<ReadAlert> {
    while (this.next) {
      // Each alert is removed from the list, so that it can be garbage-collected once it is routed.
      const ahead = this.#readAhead();
      for (let alert = ahead.shift(); alert; alert = ahead.shift()) {
        if (alert.read.ok) this.#checkKey(alert.read.event.data);
        this.#iterated += 1;
        yield alert;
      }
    }
  }

  #readAhead(): ReadAlert[] {
    const ahead: ReadAlert[] = [];
    let bytes = 0;
    for (const record of this.records.slice(this.#iterated, this.#iterated + maxReadAhead)) {
      const alert = readAlert(record);
      ahead.push(alert);
      bytes += alert.bytes;
      if (bytes >= maxBytesAhead) break;
    }
    return ahead;
  }

  report(meter: RoutingMeter): void {
    if (this.#keyMismatches > 0) meter.keyMismatches(this.#keyMismatches);
  }

  // An alert with another key is routed, but its trigger and its recovery may be in different partitions.
  #checkKey(alert: Alert): void {
    const { next } = this;
    const key = next?.key ?? null;
    if (!next || key?.toString('utf8') === alertIdentity(alert.sourceOrg, alert.alertKey)) return;
    this.#keyMismatches += 1;
    this.notices.keyDiffers(alert, key, next);
  }
}
