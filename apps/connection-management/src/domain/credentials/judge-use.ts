import type { Fault } from '@pagebridge/contracts';
import { cureOfCredential } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Health } from '../health.ts';
import type { Check, CheckResult } from './check.ts';

/** The result of using the stored keys: all that can be learnt without having them in clear. */
export interface UseVerdict {
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly checks: readonly Check[];
}

/** The checks that a finished sync confirms: it used both keys, listed the teams and read their routing rules. */
const shownBySync: ReadonlySet<string> = new Set([
  'api-key',
  'key-pair',
  'permission:teams_read',
  'permission:on_call_read',
  'reads-teams',
  'reads-routing-rules',
]);

const reportSlots = ['sync:handle-sync', 'credential:handle-sync'] as const;

/**
 * Returns whether handle-sync has answered this request.
 *
 * If its reports do not name the requests that they answer, any new report counts. The times compared are of its own clock.
 */
export const hasAnswered = (requestId: string, before: Health, now: Health): boolean =>
  now.answered?.includes(requestId) ??
  reportSlots.some((slot) => now.seen[slot]?.getTime() !== before.seen[slot]?.getTime());

/**
 * Judges the stored keys from the requested sync: every check of the last full one, as far as the sync confirms it.
 *
 * `before` is the health at the time of the request. A check that the sync does not confirm is `unknown`.
 */
export function judgeUse(requestId: string, before: Health, connection: Connection): UseVerdict {
  const { health, credential } = connection;
  if (!hasAnswered(requestId, before, health)) {
    return verdict(
      'unknown',
      'handle-sync has not reported yet; read the connection again in a few seconds',
      connection,
    );
  }
  const fault = health.faults.find(({ reportedBy }) => reportedBy === 'handle-sync');
  if (fault) {
    return verdict('failed', fault.detail, connection, fault);
  }
  if (health.lastSyncFailure) return verdict('unknown', health.lastSyncFailure.detail, connection);
  const teams = health.lastSync?.teams ?? 0;
  const confirmed = credential.checks.map((check) =>
    shownBySync.has(check.name)
      ? { name: check.name, result: 'passed' as const, detail: 'confirmed by the sync' }
      : remembered(check, connection),
  );
  const inUse = {
    name: 'in-use',
    result: 'passed' as const,
    detail: `handle-sync read ${teams} on-call teams with the stored keys`,
  };
  return { result: 'passed', checks: [inUse, ...confirmed] };
}

function verdict(
  result: Exclude<CheckResult, 'skipped'>,
  detail: string,
  connection: Connection,
  { missingPermission: missing, unopenable }: Pick<Fault, 'missingPermission' | 'unopenable'> = {},
): UseVerdict {
  const cure = cureOfCredential({ missingPermission: missing, unopenable });
  const inUse: Check = {
    name: 'in-use',
    result,
    detail,
    ...(result === 'failed' ? { cure } : {}),
    ...(missing ? { missingPermission: missing } : {}),
  };
  const others = connection.credential.checks.map(
    (check): Check =>
      missing && check.name === `permission:${missing}`
        ? { name: check.name, result: 'failed', detail, cure, missingPermission: missing }
        : remembered(check, connection),
  );
  return { result, checks: [inUse, ...others] };
}

const remembered = ({ name, result }: Check, { credential }: Connection): Check => ({
  name,
  result: 'unknown',
  detail: `${result} at the last check, ${credential.checkedAt.toISOString()}; send both keys to check it now`,
});
