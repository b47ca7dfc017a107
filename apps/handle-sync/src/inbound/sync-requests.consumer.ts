import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { REQUEST_METER, type RequestMeter } from './request-meter.ts';

/**
 * Handles sync requests.
 *
 * The offset of a request is committed once its sync is planned, before the sync runs: no page depends on it, and if
 * this process ends first, the next owner of the directory syncs within the interval anyway.
 */
@Controller()
export class SyncRequestsConsumer {
  constructor(
    private readonly directories: OwnedDirectories,
    private readonly registry: HandleRegistry,
    @Inject(REQUEST_METER) private readonly meter: RequestMeter,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(SyncRequests.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const fromOffset = batch.records[0]?.offset ?? 0;
    if (this.directories.isStopped) return { retry: { fromOffset, afterMs: 1000, cause: 'stopping' } };
    const parked: Parked[] = [];
    for (const record of batch.records) {
      const decoded = SyncRequests.decode(record);
      if (decoded.ok) this.plan(decoded.event.data);
      else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
    }
    return { parked };
  }

  // A request without a matching connection is dropped and counted: it may be older than the deletion of the
  // connection. So is a handle that was looked up recently.
  private plan(request: SyncRequest): void {
    const isPlanned = this.isValid(request) && this.execute(request);
    this.meter.requested(request.cause, isPlanned ? 'planned' : 'dropped');
  }

  private isValid({ directory, sourceOrg, connectionId }: SyncRequest): boolean {
    return this.registry
      .connectionsOf(sourceOrg)
      .some(
        (one) => one.directory === directory && one.enabled && (connectionId ?? one.connectionId) === one.connectionId,
      );
  }

  private execute({ directory, cause, handle, connectionId, requestId }: SyncRequest): boolean {
    if (cause === 'unknown-handle' && handle)
      return this.directories.lookUp(directory, handle.replace(/^@oncall-/i, ''));
    return this.directories.request(directory, connectionId, requestId);
  }
}
