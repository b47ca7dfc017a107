import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { type BatchOutcome, type ConsumedRecord, KafkaError, type Parked, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { RoutingMeter } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { ROUTING_METER } from './routing-meter.ts';

const retryAfterMs = 500;
// Few enough that heartbeats and answers of Kafka are not kept waiting, and that garbage is collected while it is young:
// with parts of 200 of each partition under way at once, half of what an alert made outlived a collection.
const partSize = 50;

/** Takes alerts a batch at a time; the batch is done when all that follows from it is acknowledged. */
@Controller()
export class AlertsConsumer {
  constructor(
    @Inject(RouteAlerts) private readonly alerts: RouteAlerts,
    @Inject(ROUTING_METER) private readonly meter: RoutingMeter,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(Alerts.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchOutcome> {
    const start = performance.now();
    const reading = new Reading(batch.records);
    try {
      const refused = await this.alerts.route(reading.parts());
      const parked = refused.map(({ index, reason, detail }) => ({ offset: reading.offsetOf(index), reason, detail }));
      reading.tell(this.meter);
      this.meter.batch(performance.now() - start);
      return { parked: [...reading.unreadable, ...parked] };
    } catch (error) {
      // Kafka did not take everything. Nothing is committed: the whole batch comes again and gives the same ids. Anything
      // else is a bug in one alert, which the consumer finds and parks.
      if (!(error instanceof KafkaError)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}

/** Reads the records of a batch, a part at a time. */
class Reading {
  readonly unreadable: Parked[] = [];
  readonly #records: readonly ConsumedRecord[];
  readonly #offsets: number[] = [];
  #keyMismatches = 0;

  constructor(records: readonly ConsumedRecord[]) {
    this.#records = records;
  }

  /** The readable alerts, each part read when it is asked for. */
  *parts(): Generator<Event<Alert>[]> {
    for (let start = 0; start < this.#records.length; start += partSize) {
      yield this.#read(this.#records.slice(start, start + partSize));
    }
  }

  /** Where the readable alert with this number, from 0, stood. */
  offsetOf(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  // An alert under another key is routed all the same, but its trigger and recovery may stand in two partitions.
  tell(meter: RoutingMeter): void {
    if (this.unreadable.length > 0) meter.alerts('unreadable', this.unreadable.length);
    if (this.#keyMismatches > 0) meter.keyMismatches(this.#keyMismatches);
  }

  #read(records: readonly ConsumedRecord[]): Event<Alert>[] {
    const events: Event<Alert>[] = [];
    for (const record of records) {
      const decoded = Alerts.decode(record);
      if (decoded.ok) {
        events.push(decoded.event);
        this.#offsets.push(record.offset);
        const { sourceOrg, alertKey } = decoded.event.data;
        if (record.key?.toString('utf8') !== alertIdentity(sourceOrg, alertKey)) this.#keyMismatches += 1;
      } else {
        this.unreadable.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
      }
    }
    return events;
  }
}
