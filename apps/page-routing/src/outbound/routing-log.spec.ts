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
    const { title: _title, occurredAt: _occurredAt, ...its } = record;
    const cure = expect.stringContaining('Correct the handle');
    expect(lines).toEqual([{ level: 'warn', message: 'handle unrouted', fields: { ...its, cure } }]);
  });

  it('has a waiting handle with its alert, whether it pages late or is given up', () => {
    const times = { occurredAt: '', firedAtMs: 0, sinceMs: 0, untilMs: 0 };
    const handle = { ...alert, alertEventId: 'e-1', name: 'what', offset: 7, ...times };
    log.paged(handle);
    log.givenUp(handle, 'There is no room.');
    const { sourceOrg, alertKey } = alert;
    const fields = { sourceOrg, alertKey, alertEventId: 'e-1', handle: '@oncall-what', offset: 7 };
    const why = { reason: 'unknown-handle', detail: 'There is no room.', cure: expect.any(String) };
    expect(lines).toEqual([
      { level: 'info', message: 'deferred handle found; paged late', fields },
      { level: 'warn', message: expect.any(String), fields: { ...fields, ...why } },
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
          sourceOrg: 'acme-us',
          alertKey: 'monitor-1',
          handle: '@oncall-core-infar',
          nearest: '@oncall-core-infra',
          fallback: '@oncall-core-infra',
          connectionId: connection.connectionId,
          reason: 'unknown-handle',
          cure: expect.any(String),
        },
      },
    ]);
  });

  it('has a differing key with its alert and position, but only the beginning of a long key', () => {
    const place = { topic: 'paging.alerts.v1', partition: 3, offset: 7 };
    log.keyDiffers(alert, Buffer.alloc(1_000_000, 'k'), place);
    log.keyDiffers(alert, null, place);
    const { sourceOrg, alertKey } = alert;
    const why = { reason: 'wrong-key', detail: expect.any(String), cure: expect.stringContaining('as the record key') };
    expect(lines.map(({ fields }) => fields)).toEqual([
      { sourceOrg, alertKey, key: 'k'.repeat(256), ...place, ...why },
      { sourceOrg, alertKey, key: null, ...place, ...why },
    ]);
  });
});
