import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type Alert, Alerts } from '@pagebridge/contracts';
import { type BatchOutcome, type ConsumedRecord, KafkaError, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { ReadAlert, RoutingMeter, RoutingNotices } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './tokens.ts';

const retryAfterMs = 500;

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
      const parked = await this.alerts.route(reading);
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

/** Reads each record of a batch when it is asked for. */
class Reading implements Iterable<ReadAlert> {
  #count = 0;
  #keyMismatches = 0;

  constructor(
    private readonly records: readonly ConsumedRecord[],
    private readonly notices: RoutingNotices,
  ) {}

  /** The first record that was not asked for. */
  get next(): ConsumedRecord | undefined {
    return this.records[this.#count];
  }

  *[Symbol.iterator](): Generator<ReadAlert> {
    for (const record of this.records) {
      this.#count += 1;
      yield this.#read(record);
    }
  }

  tell(meter: RoutingMeter): void {
    if (this.#keyMismatches > 0) meter.keyMismatches(this.#keyMismatches);
  }

  #read(record: ConsumedRecord): ReadAlert {
    const read = Alerts.decode(record);
    if (read.ok) this.#lookAtKey(record, read.event.data);
    return { read, offset: record.offset, bytes: record.value?.length ?? 0, writtenAtMs: record.timestamp };
  }

  // It is routed all the same, but trigger and recovery may stand in two partitions.
  #lookAtKey(record: ConsumedRecord, alert: Alert): void {
    const { key } = record;
    if (key?.toString('utf8') === alertIdentity(alert.sourceOrg, alert.alertKey)) return;
    this.#keyMismatches += 1;
    this.notices.keyDiffers(alert, key, record);
  }
}
