import { describe, expect, it } from '@jest/globals';
import type { ConnectionReport } from '@pagebridge/contracts';
import fc from 'fast-check';
import { applyReport } from './apply-report.ts';
import { aConnection, minute } from './connection.features.ts';
import { changed, checkedAgain, rotated } from './connection.ts';
import { statusOf } from './connection-status.ts';

const base = { connectionId: aConnection().id, sourceOrg: 'acme-us', credentialRevision: 1 } as const;
const at = (minutes: number) => minute(minutes).toISOString();
const fault = (minutes: number, extra: object = {}): ConnectionReport => ({
  ...base,
  kind: 'credential-fault',
  reportedBy: 'page-delivery',
  detail: 'Forbidden',
  missingPermission: 'on_call_page',
  at: at(minutes),
  ...extra,
});
const repaired = (minutes: number, extra: object = {}): ConnectionReport => ({
  ...base,
  kind: 'repaired',
  reportedBy: 'page-delivery',
  at: at(minutes),
  ...extra,
});
const synced = (minutes: number, teams = 3): ConnectionReport => ({
  ...base,
  kind: 'synced',
  reportedBy: 'handle-sync',
  teams,
  added: teams,
  removed: 0,
  renamed: [],
  durationMs: 40,
  at: at(minutes),
});

const after = (...reports: ConnectionReport[]) =>
  reports.reduce((connection, report) => {
    const effect = applyReport(connection, report);
    return effect.kind === 'changed' ? effect.connection : connection;
  }, aConnection());

describe('the status of a connection', () => {
  it('is active until something is reported, and disabled by its switch whatever is reported', () => {
    expect(statusOf(aConnection())).toEqual({ state: 'active' });
    expect(statusOf({ ...after(fault(1)), enabled: false })).toEqual({ state: 'disabled' });
  });

  it('is failing with the missing permission after a credential fault, and active once repaired', () => {
    expect(statusOf(after(fault(1)))).toMatchObject({ state: 'failing', fault: { missingPermission: 'on_call_page' } });
    expect(statusOf(after(fault(1), repaired(2)))).toEqual({ state: 'active' });
  });

  it('keeps one service’s fault when another finds the credential working', () => {
    expect(statusOf(after(fault(1), synced(2))).state).toBe('failing');
    expect(statusOf(after(fault(1, { reportedBy: 'handle-sync' }), synced(2))).state).toBe('active');
  });

  it('ignores a fault older than the repair, and anything of an older credential', () => {
    const healed = after(fault(1), repaired(3));
    expect(applyReport(healed, fault(2))).toEqual({ kind: 'ignored', reason: 'out-of-date' });
    const newer = rotated(
      healed,
      { sealed: 's', apiKeyLast4: '', applicationKeyLast4: '', checks: [] },
      healed.destinationOrg,
      minute(4),
    );
    expect(applyReport(newer, fault(9))).toEqual({ kind: 'ignored', reason: 'older-credential' });
  });

  it('changes nothing when a report is read twice', () => {
    expect(applyReport(after(fault(1)), fault(1))).toEqual({ kind: 'ignored', reason: 'no-change' });
  });

  it('is the same in whatever order and however often one service’s reports are read', () => {
    const reports = [fault(1), repaired(2), fault(3), synced(1, 5), synced(4, 2), repaired(5)];
    const shuffled = fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 });
    fc.assert(
      fc.property(shuffled, (order) => {
        const { faults, lastSync } = after(...order).health;
        expect({ faults, lastSync }).toEqual({ faults: [], lastSync: after(synced(4, 2)).health.lastSync });
      }),
    );
  });

  it('shows the last sync, and its failure until one succeeds', () => {
    const failed = after(synced(1), {
      ...base,
      kind: 'sync-failed',
      reportedBy: 'handle-sync',
      detail: '503',
      at: at(2),
    });
    expect(failed.health).toMatchObject({ lastSync: { teams: 3 }, lastSyncFailure: { detail: '503' } });
    expect(statusOf(failed).state).toBe('active');
    const effect = applyReport(failed, synced(3));
    expect(effect.kind === 'changed' && effect.connection.health).not.toHaveProperty('lastSyncFailure');
  });

  it('is failing after a failed check and active after a passed one, late faults included', () => {
    const checks = [
      {
        name: 'permission:teams_read',
        result: 'failed',
        detail: 'missing',
        cure: 'Add it.',
        missingPermission: 'teams_read',
      },
    ] as const;
    const failing = checkedAgain(aConnection(), { passed: false, checks }, minute(5));
    expect(statusOf(failing)).toMatchObject({ state: 'failing', fault: { missingPermission: 'teams_read' } });
    expect(failing.version).toBe(1);
    const passing = checkedAgain(failing, { passed: true, checks: [] }, minute(6));
    expect(statusOf(passing)).toEqual({ state: 'active' });
    expect(passing.version).toBe(2);
    expect(applyReport(passing, fault(5))).toEqual({ kind: 'ignored', reason: 'out-of-date' });
  });
});

describe('changed', () => {
  it('grows the version with a difference, and is the same connection without one', () => {
    const connection = aConnection();
    expect(changed(connection, { name: connection.name, enabled: true }, minute(1))).toBe(connection);
    expect(changed(connection, { enabled: false }, minute(1))).toMatchObject({ enabled: false, version: 2 });
  });
});
