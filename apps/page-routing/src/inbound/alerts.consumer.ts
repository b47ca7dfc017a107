import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type Alert, Alerts } from '@pagebridge/contracts';
import { type BatchResult, type ConsumedRecord, KafkaError, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import { LateBinding } from '../application/late-binding/late-binding.ts';
import type { ReadAlert, RoutingMeter, RoutingNotices } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './tokens.ts';

const retryAfterMs = 500;
// To read some and then decide on them takes 5 % less time than to read and decide by turns.
const mostAhead = 100;
// A small compressed batch may hold many large alerts.
const mostBytesAhead = 1024 * 1024;

/** Takes alerts a batch at a time; the batch is done when all that follows from it is acknowledged, or can never be. */
@Controller()
export class AlertsConsumer {
  constructor(
    private readonly alerts: RouteAlerts,
    @Inject(LateBinding) private readonly late: Pick<LateBinding, 'inTurn'>,
    @Inject(ROUTING_METER) private readonly meter: RoutingMeter,
    @Inject(ROUTING_NOTICES) private readonly notices: RoutingNotices,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(Alerts.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const start = performance.now();
    const reading = new Reading(batch.records, this.notices);
    try {
      const parked = await this.late.inTurn(batch, () => this.alerts.route(reading, batch));
      reading.tell(this.meter);
      this.meter.batch(performance.now() - start);
      const { next } = reading;
      if (!next) return { parked };
      // What is done is committed: whoever is given the rest does not begin anew.
      return { parked, retry: { fromOffset: next.offset, afterMs: 0, cause: 'Too much follows from one batch' } };
    } catch (error) {
      // Kafka did not take everything, and may later. Nothing is committed: the whole batch comes again and gives the same
      // ids. Anything else is a bug in one alert, which the consumer finds and parks.
      if (!(error instanceof KafkaError)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}

/** Reads the records of a batch, some at a time, and knows which of them were taken. */
class Reading implements Iterable<ReadAlert> {
  #taken = 0;
  #keyMismatches = 0;

  constructor(
    private readonly records: readonly ConsumedRecord[],
    private readonly notices: RoutingNotices,
  ) {}

  /** The first record that was not taken. */
  get next(): ConsumedRecord | undefined {
    return this.records[this.#taken];
  }

  *[Symbol.iterator](): Generator<ReadAlert> {
    while (this.next) {
      // Taken out one by one: an alert that was routed is garbage while the next one is waited for.
      const ahead = this.#readAhead();
      for (let alert = ahead.shift(); alert; alert = ahead.shift()) {
        if (alert.read.ok) this.#lookAtKey(alert.read.event.data);
        this.#taken += 1;
        yield alert;
      }
    }
  }

  #readAhead(): ReadAlert[] {
    const ahead: ReadAlert[] = [];
    let bytes = 0;
    for (const record of this.records.slice(this.#taken, this.#taken + mostAhead)) {
      const alert = alertIn(record);
      ahead.push(alert);
      bytes += alert.bytes;
      if (bytes >= mostBytesAhead) break;
    }
    return ahead;
  }

  tell(meter: RoutingMeter): void {
    if (this.#keyMismatches > 0) meter.keyMismatches(this.#keyMismatches);
  }

  // It is routed all the same, but trigger and recovery may stand in two partitions.
  #lookAtKey(alert: Alert): void {
    const { next } = this;
    const key = next?.key ?? null;
    if (!next || key?.toString('utf8') === alertIdentity(alert.sourceOrg, alert.alertKey)) return;
    this.#keyMismatches += 1;
    this.notices.keyDiffers(alert, key, next);
  }
}

// Each look at a field of the record reads it anew.
const alertIn = ({ value, headers, offset, timestamp }: ConsumedRecord): ReadAlert => ({
  read: Alerts.decode({ value, headers }),
  offset,
  bytes: value?.length ?? 0,
  writtenAtMs: timestamp,
});
