import type { Connection } from '@pagebridge/contracts';
import { type Destination, type Failure, openConnection } from '@pagebridge/destination';
import type { KeyRing } from '@pagebridge/sealed-credentials';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Reading, TeamReader } from '../application/ports.ts';
import { PacedCalls, type PaceSettings } from './paced-calls.ts';
import { listTeams } from './team-list.ts';
import { readRules } from './team-rules.ts';

export interface DestinationSettings extends PaceSettings {
  /** Routing-rule reads of one sync at once. */
  readonly concurrency: number;
  /** Deadline of one call. */
  readonly callMs: number;
  /** Deadline of a whole reading, so that a crawling destination does not hold its place for ever. */
  readonly readingMs: number;
}

/** Reads the teams of destinations. The credential is opened here, for one reading, and kept nowhere. */
export class OncallDestination implements TeamReader {
  constructor(
    private readonly dataCenters: ReadonlyMap<string, DataCenter>,
    private readonly keys: KeyRing,
    private readonly settings: DestinationSettings,
  ) {}

  async read(connection: Connection, signal: AbortSignal): Promise<Reading> {
    const dataCenter = this.dataCenters.get(connection.dataCenter);
    if (!dataCenter)
      return failed(`Data center ${connection.dataCenter} is not in the catalogue; add it to DATA_CENTERS.`);
    const { callMs: timeoutMs, readingMs } = this.settings;
    const opened = await openConnection(connection, this.keys, { dataCenter, timeoutMs });
    if (!opened.ok) return failed(opened.failure.detail);
    const deadline = AbortSignal.timeout(readingMs);
    try {
      return await this.readFrom(opened.value, AbortSignal.any([signal, deadline]));
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) return failed(`The destination took longer than ${readingMs} ms to show its teams.`);
      throw error;
    }
  }

  private async readFrom(destination: Destination, signal: AbortSignal): Promise<Reading> {
    const list = await listTeams(destination, new PacedCalls(this.settings, signal));
    if (!list.ok) return this.listRefused(destination, list.failure);
    const { concurrency } = this.settings;
    const rules = await readRules(destination, list.teams, new PacedCalls(this.settings, signal), concurrency);
    if (!rules.ok) return keysRefused(rules.failure);
    return { kind: 'listed', teams: rules.teams, complete: list.complete };
  }

  private async listRefused(destination: Destination, failure: Failure): Promise<Reading> {
    if (failure.kind !== 'credential') return failed(failure.detail);
    if (failure.cause === 'unauthorized') return keysRefused(failure);
    // A plain 403 can mean the keys as well as the permission; only the keys themselves tell.
    const keys = failure.cause === 'missing-permission' ? undefined : await destination.validateKeys();
    if (keys && !keys.ok) return keys.failure.kind === 'credential' ? keysRefused(failure) : failed(failure.detail);
    return {
      kind: 'credential-fault',
      missingPermission: 'teams_read',
      detail: `${failure.detail}. Give the service account a role that holds teams_read, and see that its application key is unscoped.`,
    };
  }
}

const failed = (detail: string): Reading => ({ kind: 'failed', detail });

const keysRefused = (failure: Failure): Reading => ({
  kind: 'credential-fault',
  detail: `${failure.detail}. The destination does not accept the keys: were they revoked? Give the connection new ones.`,
});
