import { Injectable } from '@nestjs/common';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { counterOf, showGauge } from '@pagebridge/service';
import { type Counter, Histogram, Registry } from 'prom-client';
import { type SyncMeter, type SyncResult, syncResults } from '../application/ports.ts';
import { SyncScheduler } from '../application/sync-scheduler.ts';

/** Syncs and wishes for them in numbers; every label comes from a closed list. */
@Injectable()
export class SyncMetrics implements SyncMeter {
  private readonly syncs: Counter<'result'>;
  private readonly duration: Histogram<'result'>;
  private readonly requests: Counter<'cause' | 'result'>;

  constructor(registry: Registry) {
    this.syncs = counterOf(registry, 'pagebridge_syncs_total', 'Syncs of a connection, by result.', 'result');
    this.requests = counterOf(
      registry,
      'pagebridge_sync_requests_total',
      'Wishes for a sync, by cause and whether they fit an enabled connection.',
      'cause',
      'result',
    );
    this.duration = new Histogram({
      name: 'pagebridge_sync_duration_seconds',
      help: 'Duration of a sync of one connection.',
      labelNames: ['result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers: [registry],
    });
    for (const result of syncResults) this.syncs.inc({ result }, 0);
  }

  synced(result: SyncResult, durationMs: number): void {
    this.syncs.inc({ result });
    this.duration.observe({ result }, durationMs / 1000);
  }

  requested(cause: 'requested' | 'unknown-handle', result: 'planned' | 'dropped'): void {
    this.requests.inc({ cause, result });
  }
}

/** What is read when it is scraped. */
@Injectable()
export class SyncGauges {
  constructor(registry: Registry, handles: HandleRegistry, scheduler: SyncScheduler) {
    const known = 'Handles of all connections, as this instance reads them.';
    const staleness = 'Longest time since a good sync among the enabled connections of this instance.';
    showGauge(registry, 'pagebridge_handles_known', known, () => handles.sizes.handles);
    showGauge(registry, 'pagebridge_sync_staleness_seconds', staleness, () => scheduler.stalenessMs() / 1000);
  }
}
