import { counterOf, showGauge } from '@pagebridge/service';
import { type Counter, Histogram, type Registry } from 'prom-client';
import { type SyncMeter, type SyncResult, syncResults } from '../application/ports.ts';

/** What the gauges read when they are scraped. */
export interface Gauged {
  handles(): number;
  stalenessSeconds(): number;
}

/** Syncs, wishes for them and unreadable records in numbers; every label comes from a closed list. */
export class SyncMetrics implements SyncMeter {
  private readonly syncs: Counter<'result'>;
  private readonly duration: Histogram<'result'>;
  private readonly requests: Counter<'cause' | 'result'>;
  private readonly unreadables: Counter<'topic'>;

  constructor(registry: Registry) {
    this.syncs = counterOf(registry, 'pagebridge_syncs_total', 'Syncs of a connection, by result.', 'result');
    this.requests = counterOf(
      registry,
      'pagebridge_sync_requests_total',
      'Wishes for a sync, by cause and whether they fit an enabled connection.',
      'cause',
      'result',
    );
    this.unreadables = counterOf(
      registry,
      'pagebridge_unreadable_table_records_total',
      'Records of compacted topics that were left out.',
      'topic',
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

  unreadable(topic: string): void {
    this.unreadables.inc({ topic });
  }
}

export function registerGauges(registry: Registry, gauged: Gauged): void {
  showGauge(registry, 'pagebridge_handles_known', 'Handles of all connections, as this instance reads them.', () =>
    gauged.handles(),
  );
  showGauge(
    registry,
    'pagebridge_sync_staleness_seconds',
    'Longest time since a good sync among the enabled connections of this instance.',
    () => gauged.stalenessSeconds(),
  );
}
