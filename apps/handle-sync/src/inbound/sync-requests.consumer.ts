import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import { SyncScheduler } from '../application/sync-scheduler.ts';
import { Tables } from '../application/tables.ts';
import { REQUEST_METER, type RequestMeter } from './request-meter.ts';

/**
 * Takes wishes for a sync.
 *
 * A wish is committed once it is planned, before the sync has run: no page depends on it, and should this process end
 * first, the connection's next owner looks within the interval anyway.
 */
@Controller()
export class SyncRequestsConsumer {
  constructor(
    private readonly scheduler: SyncScheduler,
    private readonly tables: Tables,
    @Inject(REQUEST_METER) private readonly meter: RequestMeter,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(SyncRequests.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const fromOffset = batch.records[0]?.offset ?? 0;
    if (this.scheduler.isStopped) return { retry: { fromOffset, afterMs: 1000, cause: 'stopping' } };
    const parked: Parked[] = [];
    for (const record of batch.records) {
      const decoded = SyncRequests.decode(record);
      if (decoded.ok) this.plan(decoded.event.data, decoded.event.traceparent);
      else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
    }
    return { parked };
  }

  // A wish that does not fit a connection is dropped and counted: it may be older than the connection's deletion.
  private plan({ connectionId, sourceOrg, cause }: SyncRequest, traceparent: string | undefined): void {
    const fits = this.tables.connection(connectionId)?.sourceOrg === sourceOrg;
    const planned = fits && this.scheduler.request(connectionId, cause, traceparent);
    this.meter.requested(cause, planned ? 'planned' : 'dropped');
  }
}
