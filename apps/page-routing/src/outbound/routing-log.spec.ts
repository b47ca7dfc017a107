import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import { RoutingLog } from './routing-log.ts';

let lines: { level: string; fields: object; message: string }[];
let log: RoutingLog;

beforeEach(() => {
  lines = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  log = new RoutingLog({ info: at('info'), warn: at('warn') });
});

const alert = anAlert({ alertKey: 'monitor-1' });
const record = {
  ...{ sourceOrg: 'acme-us', alertKey: 'monitor-1', alertEventId: 'e-1', title: 'High memory usage' },
  ...{ occurredAt: '2026-06-01T00:00:00Z', handle: '@oncall-what' },
  ...{ reason: 'unknown-handle' as const, detail: 'No active connection of acme-us has the handle @oncall-what.' },
};

describe('the log of routing', () => {
  it('has an unrouted handle with its alert, the reason and the cure, but without text of the alert', () => {
    log.unrouted(record);
    const { title: _title, sourceOrg: _sourceOrg, alertKey: _alertKey, occurredAt: _occurredAt, ...its } = record;
    expect(lines).toEqual([
      { level: 'warn', message: 'handle unrouted', fields: { alert: 'acme-us/monitor-1', ...its } },
    ]);
  });

  it('has a waiting handle with its alert, whether it pages late or is given up', () => {
    const times = { occurredAt: '', firedAtMs: 0, sinceMs: 0, untilMs: 0 };
    const handle = { ...alert, alertEventId: 'e-1', name: 'what', offset: 7, ...times };
    log.paged(handle);
    log.givenUp(handle, 'There is no room.');
    const fields = { alert: 'acme-us/monitor-1', alertEventId: 'e-1', handle: '@oncall-what', offset: 7 };
    expect(lines).toEqual([
      { level: 'info', message: 'deferred handle found; paged late', fields },
      { level: 'warn', message: expect.any(String), fields: { ...fields, detail: 'There is no room.' } },
    ]);
  });

  it('has a fallback that is paged', () => {
    const registry = new HandleRegistry();
    const connection = aConnection();
    registry.applyConnection(connection.connectionId, connection);
    const handle = aHandle();
    registry.applyHandle(handle.directory, handle.teamId, handle);
    const now = new Date();
    const [unknown, routed] = ['core-infar', 'core-infra'].map((name) => registry.resolve('acme-us', name, now));
    if (unknown?.kind !== 'unknown' || routed?.kind !== 'routed') throw new Error('resolved otherwise');
    log.fellBack(alert, unknown, routed);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        fields: {
          alert: 'acme-us/monitor-1',
          handle: '@oncall-core-infar',
          nearest: '@oncall-core-infra',
          fallback: '@oncall-core-infra',
          connectionId: connection.connectionId,
        },
      },
    ]);
  });

  it('has a differing key with its alert and position, but only the beginning of a long key', () => {
    const place = { topic: 'paging.alerts.v1', partition: 3, offset: 7 };
    log.keyDiffers(alert, Buffer.alloc(1_000_000, 'k'), place);
    log.keyDiffers(alert, null, place);
    expect(lines.map(({ fields }) => fields)).toEqual([
      {
        alert: 'acme-us/monitor-1',
        key: 'k'.repeat(256),
        ...place,
        detail: expect.stringContaining('as the record key'),
      },
      { alert: 'acme-us/monitor-1', key: null, ...place, detail: expect.any(String) },
    ]);
  });

  it('has a limited number of lines of each kind', () => {
    for (let i = 0; i < 1000; i += 1) log.unrouted({ ...record, reason: 'local' });
    const before = lines.length;
    expect(before).toBeLessThan(100);
    log.unrouted(record);
    expect(lines.map(({ level }) => level)).toEqual([...Array(before).fill('info'), 'warn']);
  });
});
