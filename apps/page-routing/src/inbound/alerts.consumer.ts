import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { type BatchOutcome, type ConsumedRecord, KafkaError, type Parked, type RecordBatch } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { RoutingMeter } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { ROUTING_METER } from './routing-meter.ts';

const retryAfterMs = 500;

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
    const { readable, parked } = this.read(batch.records);
    try {
      const refused = await this.alerts.route(readable.map(({ event }) => event));
      for (const { index, reason, detail } of refused) {
        parked.push({ offset: readable[index]?.record.offset ?? 0, reason, detail });
      }
    } catch (error) {
      // Kafka did not take everything. Nothing is committed: the whole batch comes again and gives the same ids. Anything
      // else is a bug in one alert, which the consumer finds and parks.
      if (!(error instanceof KafkaError)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
    this.count(readable, batch.records.length - readable.length);
    this.meter.batch(performance.now() - start);
    return { parked };
  }

  private read(records: readonly ConsumedRecord[]): { readable: Readable[]; parked: Parked[] } {
    const readable: Readable[] = [];
    const parked: Parked[] = [];
    for (const record of records) {
      const decoded = Alerts.decode(record);
      if (decoded.ok) readable.push({ record, event: decoded.event });
      else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
    }
    return { readable, parked };
  }

  // An alert under another key is routed all the same, but its trigger and recovery may stand in two partitions.
  private count(readable: readonly Readable[], unreadable: number): void {
    for (let i = 0; i < unreadable; i += 1) this.meter.alert('unreadable');
    for (const { record, event } of readable) {
      const identity = alertIdentity(event.data.sourceOrg, event.data.alertKey);
      if (record.key?.toString('utf8') !== identity) this.meter.keyMismatch();
    }
  }
}

interface Readable {
  readonly record: ConsumedRecord;
  readonly event: Event<Alert>;
}
