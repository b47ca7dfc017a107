import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Alerts } from '@pagebridge/contracts';
import { type BatchOutcome, type ConsumedRecord, KafkaError, type Parked, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { ReadAlert, RoutingMeter, RoutingNotices } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './tokens.ts';

const retryAfterMs = 500;
// Few enough that heartbeats and answers of Kafka are not kept waiting, and that garbage is collected while it is young:
// with parts of 200 of each partition under way at once, half of what an alert made outlived a collection.
const partSize = 50;

/** Takes alerts a batch at a time; the batch is done when all that follows from it is acknowledged, or can never be. */
@Controller()
export class AlertsConsumer {
  constructor(
    @Inject(RouteAlerts) private readonly alerts: RouteAlerts,
    @Inject(ROUTING_METER) private readonly meter: RoutingMeter,
    @Inject(ROUTING_NOTICES) private readonly notices: RoutingNotices,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(Alerts.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchOutcome> {
    const start = performance.now();
    const reading = new Reading(batch.records, this.notices);
    try {
      const parked = await this.alerts.route(reading.parts());
      reading.tell(this.meter);
      this.meter.batch(performance.now() - start);
      return { parked: [...reading.unreadable, ...parked] };
    } catch (error) {
      // Kafka did not take everything, and may later. Nothing is committed: the whole batch comes again and gives the same
      // ids. Anything else is a bug in one alert, which the consumer finds and parks.
      if (!(error instanceof KafkaError)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}

/** Reads the records of a batch, a part at a time. */
class Reading {
  readonly unreadable: Parked[] = [];
  #keyMismatches = 0;

  constructor(
    private readonly records: readonly ConsumedRecord[],
    private readonly notices: RoutingNotices,
  ) {}

  /** The readable alerts, each part read when it is asked for. */
  *parts(): Generator<ReadAlert[]> {
    for (let start = 0; start < this.records.length; start += partSize) {
      yield this.#read(this.records.slice(start, start + partSize));
    }
  }

  tell(meter: RoutingMeter): void {
    if (this.unreadable.length > 0) meter.alerts('unreadable', this.unreadable.length);
    if (this.#keyMismatches > 0) meter.keyMismatches(this.#keyMismatches);
  }

  #read(records: readonly ConsumedRecord[]): ReadAlert[] {
    const alerts: ReadAlert[] = [];
    for (const record of records) {
      const { offset } = record;
      const decoded = Alerts.decode(record);
      if (decoded.ok) {
        const { event } = decoded;
        alerts.push({ event, offset, writtenAtMs: record.timestamp });
        const { key } = record;
        const { sourceOrg, alertKey } = event.data;
        // It is routed all the same, but trigger and recovery may stand in two partitions.
        if (key?.toString('utf8') !== alertIdentity(sourceOrg, alertKey)) {
          this.#keyMismatches += 1;
          this.notices.keyDiffers(event.data, key, record);
        }
      } else {
        this.unreadable.push({ offset, reason: decoded.reason, detail: decoded.detail });
      }
    }
    return alerts;
  }
}
