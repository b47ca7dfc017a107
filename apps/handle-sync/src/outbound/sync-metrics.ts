import { Injectable } from '@nestjs/common';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { closedCounterOf, mostLabels, showGauge, showGauges } from '@pagebridge/service';
import { type Counter, Histogram, Registry } from 'prom-client';
import { type CallMeter, type Endpoint, endpoints } from '../application/call-pacer.ts';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { type SyncMeter, type SyncResult, syncResults } from '../application/ports.ts';

const callResults = ['answered', 'rate-limited', 'failed'] as const;
const causes = ['requested', 'unknown-handle'] as const;
const plans = ['planned', 'dropped'] as const;

/** Counts syncs, calls and sync requests. Every label has a closed set of values. */
@Injectable()
export class SyncMetrics implements SyncMeter, CallMeter {
  private readonly syncs: Counter<'result'>;
  private readonly duration: Histogram<'result'>;
  private readonly requests: Counter<'cause' | 'result'>;
  private readonly calls: Counter<'endpoint' | 'result'>;

  constructor(registry: Registry) {
    const syncs = 'Syncs of a directory, by result.';
    this.syncs = closedCounterOf(registry, 'pagebridge_syncs_total', syncs, { result: syncResults });
    const requests = 'Sync requests, by cause and by whether a sync or lookup was planned.';
    const ofRequest = { cause: causes, result: plans };
    this.requests = closedCounterOf(registry, 'pagebridge_sync_requests_total', requests, ofRequest);
    const calls = 'Calls to destinations, by endpoint and result.';
    const ofCall = { endpoint: endpoints, result: callResults };
    this.calls = closedCounterOf(registry, 'pagebridge_sync_calls_total', calls, ofCall);
    this.duration = new Histogram({
      name: 'pagebridge_sync_duration_seconds',
      help: 'Seconds that a sync of a directory took.',
      labelNames: ['result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers: [registry],
    });
  }

  syncEnded(result: SyncResult, durationMs: number): void {
    this.syncs.inc({ result });
    this.duration.observe({ result }, durationMs / 1000);
  }

  called(endpoint: Endpoint, result: (typeof callResults)[number]): void {
    this.calls.inc({ endpoint, result });
  }

  requested(cause: (typeof causes)[number], result: (typeof plans)[number]): void {
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
