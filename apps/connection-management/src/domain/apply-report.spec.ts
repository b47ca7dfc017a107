import { describe, expect, it } from '@jest/globals';
import { type ConnectionReport, faultsOf, type ReceivedReport } from '@pagebridge/contracts';
import fc from 'fast-check';
import { applyReport } from './apply-report.ts';
import { aConnection, minute } from './connection.fixtures.ts';
import { type Connection, changed, checkedAgain, rotated } from './connection.ts';
import { statusOf } from './connection-status.ts';

const base = { connectionId: aConnection().id, sourceOrg: 'acme-us', credentialRevision: 1 } as const;
const second = (count: number): Date => new Date(minute(0).getTime() + count * 1000);
const at = (seconds: number) => second(seconds).toISOString();
/** When the reports are read. */
const now = second(120);
const fault = (seconds: number, extra: object = {}): ConnectionReport => ({
  ...base,
  kind: 'credential-fault',
  reportedBy: 'page-delivery',
  detail: 'Forbidden',
  missingPermission: 'on_call_page',
  at: at(seconds),
  ...extra,
});
const repaired = (seconds: number, extra: object = {}): ConnectionReport => ({
  ...base,
  kind: 'repaired',
  reportedBy: 'page-delivery',
  at: at(seconds),
  ...extra,
});
const synced = (seconds: number, teams = 3): ConnectionReport => ({
  ...base,
  kind: 'synced',
  reportedBy: 'handle-sync',
  teams,
  added: teams,
  removed: 0,
  renamed: [],
  durationMs: 40,
  at: at(seconds),
});

const newPair = { sealed: 's', apiKeyLast4: '', applicationKeyLast4: '', fingerprint: 'f', checks: [] };

const after = (...reports: ConnectionReport[]) =>
  reports.reduce((connection, report) => {
    const effect = applyReport(connection, report, now);
    return effect.kind === 'changed' ? effect.connection : connection;
  }, aConnection());

describe('the status of a connection', () => {
  it('is active without reports, and disabled by its switch whatever is reported', () => {
    expect(statusOf(aConnection())).toEqual({ state: 'active' });
    expect(statusOf({ ...after(fault(1)), enabled: false })).toEqual({ state: 'disabled' });
  });

  it('is failing with the missing permission after a credential fault, and active again once repaired', () => {
    expect(statusOf(after(fault(1)))).toMatchObject({ state: 'failing', fault: { missingPermission: 'on_call_page' } });
    expect(statusOf(after(fault(1), repaired(2)))).toEqual({ state: 'active' });
  });

  it('keeps the fault of one service when another finds the credential working', () => {
    expect(statusOf(after(fault(1), synced(2))).state).toBe('failing');
    expect(statusOf(after(fault(1, { reportedBy: 'handle-sync' }), synced(2))).state).toBe('active');
  });

  it('ignores a fault older than the repair, and anything of an older credential', () => {
    const healed = after(fault(1), repaired(3));
    expect(applyReport(healed, fault(2), now)).toEqual({ kind: 'ignored', reason: 'out-of-date' });
    const newer = rotated(healed, newPair, healed, second(4));
    expect(applyReport(newer, fault(9), now)).toEqual({ kind: 'ignored', reason: 'older-credential' });
  });

  it('does not change when a report is read twice', () => {
    expect(applyReport(after(fault(1)), fault(1), now)).toEqual({ kind: 'ignored', reason: 'no-change' });
  });

  it('is the same in any order and number of readings of the reports of one service', () => {
    const reports = [fault(1), repaired(2), fault(3), synced(1, 5), synced(4, 2), repaired(5)];
    const shuffled = fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 });
    fc.assert(
      fc.property(shuffled, (order) => {
        const { faults, lastSync } = after(...order).health;
        expect({ faults, lastSync }).toEqual({ faults: [], lastSync: after(synced(4, 2)).health.lastSync });
      }),
    );
  });

  it('shows the last sync, and a failure until a sync succeeds', () => {
    const failed = after(synced(1), {
      ...base,
      kind: 'sync-failed',
      reportedBy: 'handle-sync',
      detail: '503',
      at: at(2),
    });
    expect(failed.health).toMatchObject({ lastSync: { teams: 3 }, lastSyncFailure: { detail: '503' } });
    expect(statusOf(failed).state).toBe('active');
    const effect = applyReport(failed, synced(3), now);
    expect(effect.kind === 'changed' && effect.connection.health).not.toHaveProperty('lastSyncFailure');
  });

  it('is failing after a failed check and active after a passed one, despite late faults', () => {
    const checks = [
      {
        name: 'permission:teams_read',
        result: 'failed',
        detail: 'missing',
        cure: 'Add it.',
        missingPermission: 'teams_read',
      },
    ] as const;
    const failing = checkedAgain(aConnection(), { kind: 'failed', checks }, second(5));
    expect(statusOf(failing)).toMatchObject({ state: 'failing', fault: { missingPermission: 'teams_read' } });
    expect(failing.version).toBe(1);
    const passing = checkedAgain(failing, { ...failing, kind: 'passed', checks: [] }, second(6));
    expect(statusOf(passing)).toEqual({ state: 'active' });
    expect(passing.version).toBe(2);
    expect(applyReport(passing, fault(5), now)).toEqual({ kind: 'ignored', reason: 'out-of-date' });
  });
});

describe('the faults of page-delivery', () => {
  const reporter = fc.constantFrom('handle-sync', 'page-delivery');
  const happening = fc.record({
    afterSeconds: fc.integer({ min: 1, max: 20 }),
    lateSeconds: fc.constantFrom(0, 0, 3),
    what: fc.oneof(
      reporter.map((reportedBy) => ({ kind: 'credential-fault' as const, reportedBy })),
      reporter.map((reportedBy) => ({ kind: 'repaired' as const, reportedBy })),
      // handle-sync forgets its fault at a restart: it reports a sync without a repair.
      fc.constantFrom(...(['synced', 'passed check', 'rotation'] as const)).map((kind) => ({ kind })),
    ),
  });

  it('are the same here and for whoever reads the reports, through checks, rotations and restarts of reporters', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), (happenings) => {
        let connection = aConnection();
        let [seconds, rotatedAt] = [0, 0];
        const reports: ReceivedReport[] = [];
        for (const { afterSeconds, lateSeconds, what } of happenings) {
          seconds += afterSeconds;
          const moment = second(seconds);
          if (what.kind === 'rotation') {
            connection = rotated(connection, newPair, connection, moment);
            rotatedAt = seconds;
          } else if (what.kind === 'passed check')
            connection = checkedAgain(connection, { ...connection, kind: 'passed', checks: [] }, moment);
          else {
            const { revision: credentialRevision } = connection.credential;
            const its = { ...what, credentialRevision };
            const common = what.kind === 'synced' ? synced(seconds) : fault(Math.max(rotatedAt, seconds - lateSeconds));
            const report = { ...common, ...its } as ConnectionReport;
            reports.push({ report, receivedAt: moment.getTime() });
            const effect = applyReport(connection, report, moment);
            if (effect.kind === 'changed') connection = effect.connection;
          }
          const { revision, acceptedAt } = connection.credential;
          const read = faultsOf(reports, { revision, checkedAt: acceptedAt.toISOString() }, moment);
          const ofDelivery = ({ reportedBy }: { readonly reportedBy: string }) => reportedBy === 'page-delivery';
          expect(read.filter(ofDelivery)).toEqual(connection.health.faults.filter(ofDelivery));
        }
      }),
    );
  });
});

describe('the clock of a reporter', () => {
  const seen = (connection = aConnection(), ...reports: ConnectionReport[]) =>
    reports.map((report) => applyReport(connection, report, now).kind);

  it('does not suppress later reports if it is ahead: a future time counts as now', () => {
    const ahead = applyReport(aConnection(), fault(9_999_999), now);
    expect(ahead).toMatchObject({ kind: 'changed', connection: { health: { faults: [{ since: now }] } } });
    const connection = ahead.kind === 'changed' ? ahead.connection : aConnection();
    expect(applyReport(connection, repaired(121), second(121)).kind).toBe('changed');
  });

  it('does not suppress later reports if it is far behind the one before', () => {
    const connection = after(fault(100));
    expect(statusOf(after(fault(100), repaired(60)))).toEqual({ state: 'active' });
    expect(seen(connection, repaired(60), repaired(95))).toEqual(['changed', 'ignored']);
  });

  it('suppresses a late fault from before a check, but not a fault of a clock that is far behind', () => {
    const checked = checkedAgain(aConnection(), { ...aConnection(), kind: 'passed', checks: [] }, second(110));
    expect(seen(checked, fault(50), fault(-300))).toEqual(['ignored', 'changed']);
  });
});

describe('a report that names the request that it answers', () => {
  it('is remembered with the last twenty requests', () => {
    const answers = Array.from({ length: 30 }, (_, i) => `request-${i}`);
    expect(after({ ...synced(1), answers: [] }).health.answered).toEqual([]);
    expect(after({ ...synced(1), answers }, { ...fault(2), answers: ['x'] }).health.answered).toEqual([
      ...answers.slice(11),
      'x',
    ]);
    expect(after(synced(1)).health).not.toHaveProperty('answered');
  });
});

describe('a rotated pair of keys', () => {
  const rotate = (connection = aConnection(), sealed = 's') =>
    rotated(connection, { ...newPair, sealed }, connection, now);
  const reports = (connection: Connection, ...its: ConnectionReport[]) =>
    its.reduce((so, report) => {
      const effect = applyReport(so, { ...report, credentialRevision: 2 }, now);
      return effect.kind === 'changed' ? effect.connection : so;
    }, connection);
  const former = { sealed: 'a.b.c.d.e', revision: 1, apiKeyLast4: 'abcd', applicationKeyLast4: 'wxyz' };

  it('keeps the former pair until a service has used the new one', () => {
    expect(rotate().formerCredential).toEqual(former);
    expect(reports(rotate(), fault(1)).formerCredential).toEqual(former);
    expect(reports(rotate(), synced(1)).formerCredential).toBeUndefined();
    expect(reports(rotate(), fault(1), repaired(2)).formerCredential).toBeUndefined();
  });

  it('is not proven by one service while another cannot use it', () => {
    const opposed = reports(rotate(), fault(1), synced(2));
    expect(opposed.formerCredential).toEqual(former);
    expect(reports(opposed, repaired(3), synced(4)).formerCredential).toBeUndefined();
  });

  it('keeps, after several rotations, the pair that was in use before the first', () => {
    expect(rotate(rotate(), 't').formerCredential).toEqual(former);
  });

  it('keeps the version when it is proven, so that a change that was read before is not stale', () => {
    expect(reports(rotate(), synced(1)).version).toBe(rotate().version);
  });
});

describe('changed', () => {
  it('increases the version with a difference, and returns the same object without one', () => {
    const connection = aConnection();
    expect(changed(connection, { name: connection.name, enabled: true }, minute(1))).toBe(connection);
    expect(changed(connection, { enabled: false }, minute(1))).toMatchObject({ enabled: false, version: 2 });
  });
});
