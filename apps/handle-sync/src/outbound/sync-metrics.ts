import { Injectable } from '@nestjs/common';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { counterOf, showGauge } from '@pagebridge/service';
import { type Counter, Histogram, Registry } from 'prom-client';
import type { CallMeter, Endpoint } from '../application/call-pacer.ts';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { type LookResult, lookResults, type SyncMeter } from '../application/ports.ts';

/** Looks, calls and requests in numbers; every label comes from a closed list. */
@Injectable()
export class SyncMetrics implements SyncMeter, CallMeter {
  private readonly syncs: Counter<'result'>;
  private readonly duration: Histogram<'result'>;
  private readonly requests: Counter<'cause' | 'result'>;
  private readonly calls: Counter<'endpoint' | 'result'>;

  constructor(registry: Registry) {
    this.syncs = counterOf(registry, 'pagebridge_syncs_total', 'Looks at a directory, by result.', 'result');
    this.requests = counterOf(
      registry,
      'pagebridge_sync_requests_total',
      'Requests for a fresh look, by cause and whether they were taken up.',
      'cause',
      'result',
    );
    this.calls = counterOf(
      registry,
      'pagebridge_sync_calls_total',
      'Calls to destinations, by what they read and how they ended.',
      'endpoint',
      'result',
    );
    this.duration = new Histogram({
      name: 'pagebridge_sync_duration_seconds',
      help: 'Duration of a look at a directory, until all that is new in it was read.',
      labelNames: ['result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers: [registry],
    });
    for (const result of lookResults) this.syncs.inc({ result }, 0);
  }

  looked(result: LookResult, durationMs: number): void {
    this.syncs.inc({ result });
    this.duration.observe({ result }, durationMs / 1000);
  }

  called(endpoint: Endpoint, result: 'answered' | 'rate-limited' | 'failed'): void {
    this.calls.inc({ endpoint, result });
  }

  requested(cause: 'requested' | 'unknown-handle', result: 'planned' | 'dropped'): void {
    this.requests.inc({ cause, result });
  }
}

/** What is read when it is scraped. */
@Injectable()
export class SyncGauges {
  constructor(registry: Registry, handles: HandleRegistry, owned: OwnedDirectories) {
    const known = 'Handles of all directories, as this instance reads them.';
    const staleness = 'Longest time since a directory of this instance was last seen as a whole.';
    const directories = 'Directories that this instance keeps.';
    const unread = 'Teams of these directories whose routing rules could not be read yet.';
    showGauge(registry, 'pagebridge_handles_known', known, () => handles.sizes.handles);
    showGauge(registry, 'pagebridge_sync_staleness_seconds', staleness, () => owned.stalenessMs() / 1000);
    showGauge(registry, 'pagebridge_sync_directories', directories, () => owned.sizes.directories);
    showGauge(registry, 'pagebridge_sync_unread_teams', unread, () => owned.sizes.unread);
  }
}
