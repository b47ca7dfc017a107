import { describe, expect, it } from '@jest/globals';
import { type ConnectionReport, PageCommands } from '@pagebridge/contracts';
import { applyReport } from './apply-report.ts';
import { aConnection, minute } from './connection.fixtures.ts';
import { statusOf } from './connection-status.ts';
import { leaving, progressOf } from './deletion.ts';

const { partitions } = PageCommands.card;
const connection = aConnection();
const report = (partition: number, its: object = {}): ConnectionReport => ({
  kind: 'drained',
  connectionId: connection.id,
  sourceOrg: connection.sourceOrg,
  reportedBy: 'page-delivery',
  credentialRevision: 1,
  at: minute(5).toISOString(),
  ...{ partition, resolved: 1, unresolved: 0 },
  ...its,
});
const after = (...reports: ConnectionReport[]) =>
  reports.map((each) => {
    const effect = applyReport(current, each, minute(6));
    if (effect.kind === 'ignored') return effect.reason;
    current = effect.connection;
    return effect.kind;
  });
let current = connection;

describe('a deletion', () => {
  it('disables the connection once', () => {
    const gone = leaving(connection, minute(1));
    expect(gone).toMatchObject({ enabled: false, version: 2, deletion: { requestedAt: minute(1) } });
    expect(statusOf(gone)).toEqual({ state: 'deleting' });
    expect(leaving(gone, minute(2))).toBe(gone);
  });

  it('ends when each partition is drained, in any order, with the sum of the pages', () => {
    current = leaving(connection, minute(1));
    const all = Array.from({ length: partitions }, (_, partition) => report(partition)).reverse();
    expect(after(...all.slice(1))).toEqual(Array(partitions - 1).fill('changed'));
    expect(after(report(3), report(partitions))).toEqual(['no-change', 'no-change']);
    expect(after(report(partitions - 1, { resolved: 4, unresolved: 2, credentialRevision: 0 }))).toEqual(['gone']);
    expect(current.deletion && progressOf(current.deletion)).toEqual({
      resolvedPages: partitions + 3,
      unresolvedPages: 2,
      partitionsLeft: 0,
    });
  });

  it('is not started by a report', () => {
    current = connection;
    expect(after(report(0))).toEqual(['no-change']);
  });
});
