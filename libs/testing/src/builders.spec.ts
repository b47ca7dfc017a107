import { describe, expect, it } from '@jest/globals';
import { Alerts, Connections, Handles, handleKey } from '@pagebridge/contracts';
import { aConnection, aHandle, anAlertRecord } from './builders.ts';

const attributes = { id: '1', source: '/test', time: '2026-01-01T00:00:00Z' };

describe('builders', () => {
  it('build an alert that its contract accepts, keyed by alert identity', () => {
    const record = anAlertRecord({ alertKey: 'cpu', priority: 'P2' });
    expect(record.key).toBe('acme-us/cpu');
    expect(Alerts.decode(record)).toMatchObject({ ok: true, event: { data: { priority: 'P2' } } });
  });

  it('build a new event each time', () => {
    const idOf = (record: ReturnType<typeof anAlertRecord>) => record.headers.ce_id;
    expect(idOf(anAlertRecord())).not.toBe(idOf(anAlertRecord()));
  });

  it('build a connection and a handle that their contracts accept', () => {
    const connection = aConnection();
    const handle = aHandle({ directory: connection.directory });
    expect(Connections.decode(Connections.encode(connection.connectionId, attributes, connection))).toMatchObject({
      ok: true,
    });
    const key = handleKey(handle.directory, handle.teamId);
    expect(Handles.decode(Handles.encode(key, attributes, handle))).toMatchObject({ ok: true });
  });
});
