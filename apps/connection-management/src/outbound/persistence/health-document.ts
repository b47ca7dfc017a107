import type { Fault } from '@pagebridge/contracts';
import type { Health } from '../../domain/health.ts';

/** The health of a connection as stored in the JSON column: times as RFC 3339. */
export interface HealthDocument {
  readonly faults: readonly (Omit<Fault, 'since'> & { readonly since: string })[];
  readonly answered?: readonly string[];
  readonly lastSync?: Omit<NonNullable<Health['lastSync']>, 'at'> & { readonly at: string };
  readonly lastSyncFailure?: { readonly at: string; readonly detail: string; readonly unread?: number };
  readonly seen: Readonly<Record<string, string>>;
}

export const toHealthDocument = (health: Health): HealthDocument => JSON.parse(JSON.stringify(health));

export const fromHealthDocument = ({ answered, faults, lastSync, lastSyncFailure, seen }: HealthDocument): Health => ({
  ...(answered ? { answered } : {}),
  faults: faults.map((fault) => ({ ...fault, since: new Date(fault.since) })),
  ...(lastSync ? { lastSync: { ...lastSync, at: new Date(lastSync.at) } } : {}),
  ...(lastSyncFailure ? { lastSyncFailure: { ...lastSyncFailure, at: new Date(lastSyncFailure.at) } } : {}),
  seen: Object.fromEntries(Object.entries(seen).map(([slot, at]) => [slot, new Date(at)])),
});
