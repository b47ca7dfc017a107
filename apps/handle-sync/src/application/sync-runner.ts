import type { Clock, Log } from '@pagebridge/vocabulary';
import type { RunEnd } from '../domain/agenda.ts';
import type { ForgetConnection } from './forget-connection.use-case.ts';
import type { SyncMeter, SyncResult } from './ports.ts';
import type { SyncConnection, SyncRun } from './sync-connection.use-case.ts';
import type { Tables } from './tables.ts';

export interface RunnerParts {
  readonly tables: Tables;
  readonly sync: Pick<SyncConnection, 'execute'>;
  readonly forget: Pick<ForgetConnection, 'execute'>;
  readonly meter: SyncMeter;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
}

/** Does once for a connection whatever there is to do, and says what that means for its agenda. Never rejects. */
export class SyncRunner {
  constructor(private readonly parts: RunnerParts) {}

  async run(connectionId: string, run: SyncRun): Promise<RunEnd> {
    const { meter, clock, log } = this.parts;
    const startedAt = clock.now().getTime();
    const result = await this.look(connectionId, run).catch((error: unknown): SyncResult => {
      if (run.signal.aborted) return 'aborted';
      // No page is involved: the handles stay as Kafka has them, and the next sync finds the same differences.
      log.error({ connectionId, error: String(error) }, 'a sync failed on our side');
      return 'error';
    });
    if (!result) return 'idle';
    const durationMs = clock.now().getTime() - startedAt;
    meter.synced(result, durationMs);
    if (result !== 'synced') log.info({ connectionId, result, durationMs }, 'sync ended');
    return endOf[result];
  }

  // What there is to do is read from the tables at the moment of the run, whatever the wish was.
  private async look(connectionId: string, run: SyncRun): Promise<SyncResult | undefined> {
    const { tables, sync, forget } = this.parts;
    const connection = tables.connection(connectionId);
    if (connection?.enabled) return sync.execute(connection, run);
    if (!tables.isOrphaned(connectionId)) return undefined;
    await forget.execute(connectionId, run.traceparent);
    return 'deleted';
  }
}

const endOf: Readonly<Record<SyncResult, RunEnd>> = {
  synced: 'good',
  'sync-failed': 'failed',
  'credential-fault': 'failed',
  error: 'failed',
  implausible: 'confirm',
  deleted: 'idle',
  aborted: 'idle',
};
