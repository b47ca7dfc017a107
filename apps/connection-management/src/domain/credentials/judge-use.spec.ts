import { describe, expect, it } from '@jest/globals';
import { unreported } from '@pagebridge/contracts';
import { aConnection, minute } from '../connection.fixtures.ts';
import type { Health } from '../health.ts';
import type { Check } from './check.ts';
import { judgeUse } from './judge-use.ts';

const checks: Check[] = ['api-key', 'service-account', 'permission:teams_read', 'permission:on_call_page'].map(
  (name) => ({ name, result: 'passed', detail: '' }),
);
const before: Health = { ...unreported, seen: { 'sync:handle-sync': minute(1) } };
const judge = (health: Partial<Health>) =>
  judgeUse(
    'request-1',
    before,
    aConnection({ credential: { ...aConnection().credential, checks }, health: { ...before, ...health } }),
  );
const resultOf = (verdict: ReturnType<typeof judge>) =>
  Object.fromEntries(verdict.checks.map(({ name, result }) => [name, result]));

describe('judgeUse', () => {
  it('is unknown while handle-sync has not reported', () => {
    expect(judge({}).result).toBe('unknown');
  });

  it('is unknown while the reports of handle-sync answer other requests', () => {
    const lastSync = { at: minute(2), teams: 3, added: 0, removed: 0, durationMs: 1 };
    const reported = { lastSync, seen: { 'sync:handle-sync': minute(2) } };
    expect(judge({ ...reported, answered: ['request-0'] }).result).toBe('unknown');
    expect(judge({ ...reported, answered: ['request-0', 'request-1'] }).result).toBe('passed');
  });

  it('fails if the keys cannot be opened, and names the key and the services that need it', () => {
    const fault = {
      reportedBy: 'handle-sync',
      unopenable: true,
      detail: 'sealed for key "k2"',
      since: minute(2),
    } as const;
    const verdict = judge({ faults: [fault], seen: { 'credential:handle-sync': minute(2) } });
    expect(verdict).toMatchObject({
      result: 'failed',
      checks: [{ name: 'in-use', detail: 'sealed for key "k2"' }, {}, {}, {}, {}],
    });
    expect(verdict.checks[0]?.cure).toContain('CREDENTIALS_PRIVATE_KEYS');
  });

  it('passes the checks that a sync confirms, and reports the others as unknown', () => {
    const lastSync = { at: minute(2), teams: 3, added: 0, removed: 0, durationMs: 1 };
    const verdict = judge({ lastSync, seen: { 'sync:handle-sync': minute(2) } });
    expect(verdict.result).toBe('passed');
    expect(resultOf(verdict)).toEqual({
      'in-use': 'passed',
      'api-key': 'passed',
      'service-account': 'unknown',
      'permission:teams_read': 'passed',
      'permission:on_call_page': 'unknown',
    });
  });

  it('fails with the permission of the fault, and its cure', () => {
    const fault = {
      reportedBy: 'handle-sync',
      missingPermission: 'teams_read',
      detail: 'Forbidden',
      since: minute(2),
    } as const;
    const verdict = judge({ faults: [fault], seen: { ...before.seen, 'credential:handle-sync': minute(2) } });
    expect(verdict.result).toBe('failed');
    expect(verdict.checks.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual([
      'in-use',
      'permission:teams_read',
    ]);
    expect(verdict.checks[0]?.cure).toMatch(/additional role that holds teams_read/);
  });

  it('is unknown if the sync itself failed', () => {
    const lastSyncFailure = { at: minute(2), detail: '503' };
    expect(judge({ lastSyncFailure, seen: { 'sync:handle-sync': minute(2) } }).result).toBe('unknown');
  });
});
