import { Injectable } from '@nestjs/common';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { counterOf, mostLabels, showGauge, showGauges } from '@pagebridge/service';
import { type Counter, Histogram, Registry } from 'prom-client';
import type { CallMeter, Endpoint } from '../application/call-pacer.ts';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { type SyncMeter, type SyncResult, syncResults } from '../application/ports.ts';

/** Counts syncs, calls and sync requests. Every label has a closed set of values. */
@Injectable()
export class SyncMetrics implements SyncMeter, CallMeter {
  private readonly syncs: Counter<'result'>;
  private readonly duration: Histogram<'result'>;
  private readonly requests: Counter<'cause' | 'result'>;
  private readonly calls: Counter<'endpoint' | 'result'>;

  constructor(registry: Registry) {
    this.syncs = counterOf(registry, 'pagebridge_syncs_total', 'Syncs of a directory, by result.', 'result');
    this.requests = counterOf(
      registry,
      'pagebridge_sync_requests_total',
      'Sync requests, by cause and by whether a sync or lookup was planned.',
      'cause',
      'result',
    );
    this.calls = counterOf(
      registry,
      'pagebridge_sync_calls_total',
      'Calls to destinations, by endpoint and result.',
      'endpoint',
      'result',
    );
    this.duration = new Histogram({
      name: 'pagebridge_sync_duration_seconds',
      help: 'Seconds that a sync of a directory took.',
      labelNames: ['result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers: [registry],
    });
    for (const result of syncResults) this.syncs.inc({ result }, 0);
  }

  syncEnded(result: SyncResult, durationMs: number): void {
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

/** The gauges, which are read at each scrape. */
@Injectable()
export class SyncGauges {
  constructor(registry: Registry, handles: HandleRegistry, owned: OwnedDirectories) {
    const known = 'Handles in the memory of this instance, for all directories.';
    const complete =
      'Unix time of the last complete sync of a directory, if it is older than 15 minutes. At most the 20 oldest.';
    const directories = 'Directories that this instance owns and syncs.';
    const unread = 'Teams in the directories of this instance whose routing rules were not read yet.';
    const refused = 'Enabled connections of the directories of this instance whose credential failed when last used.';
    const each =
      '1 for a connection whose credential failed when last used. At most the 20 that have failed for longest.';
    showGauge(registry, 'pagebridge_handles_known', known, () => handles.sizes.handles);
    showGauges(registry, 'pagebridge_directory_complete_timestamp_seconds', complete, 'directory', () =>
      Object.fromEntries(
        owned
          .outdatedSince()
          .slice(0, mostLabels)
          .map(([directory, since]) => [directory, since.getTime() / 1000]),
      ),
    );
    showGauge(registry, 'pagebridge_refused_connections', refused, () => owned.refusedConnections().length);
    showGauges(registry, 'pagebridge_refused_connection', each, 'connection_id', () =>
      Object.fromEntries(
        owned
          .refusedConnections()
          .slice(0, mostLabels)
          .map((id) => [id, 1]),
      ),
    );
    showGauge(registry, 'pagebridge_sync_directories', directories, () => owned.sizes.directories);
    showGauge(registry, 'pagebridge_sync_unread_teams', unread, () => owned.sizes.unread);
  }
}
