import { describe, expect, it } from '@jest/globals';
import { AccessTokens, Connections, SourceOrgs, SyncRequests } from '@pagebridge/contracts';
import { aConnection, minute } from '../../domain/connection.fixtures.ts';
import { withoutSettings } from '../../domain/source-org-settings.ts';
import { anAccessToken } from '../../domain/tokens/access-token.fixtures.ts';
import { recordOf } from './events.ts';

describe('recordOf', () => {
  it('publishes a connection by its contract and id, without health or last characters', () => {
    const record = recordOf({ kind: 'connection', connection: aConnection() });
    expect(record.key).toBe(aConnection().id);
    expect(Connections.decode(record)).toMatchObject({
      ok: true,
      event: { data: { version: 1, slug: 'globex-europe' } },
    });
    expect(String(record.value)).not.toMatch(/abcd|wxyz|health/);
  });

  it('publishes since when a connection has its slug', () => {
    const record = recordOf({ kind: 'connection', connection: aConnection({ slugSince: minute(7) }) });
    expect(Connections.decode(record)).toMatchObject({
      ok: true,
      event: { data: { slugSince: minute(7).toISOString(), createdAt: minute(0).toISOString() } },
    });
  });

  it('publishes the failover of a connection, if it has one', () => {
    const failover = {
      connectionId: '0199f3a0-0000-7000-8000-000000000002',
      teamHandle: 'operations',
      afterSeconds: 60,
    };
    const record = recordOf({ kind: 'connection', connection: aConnection({ failover }) });
    expect(Connections.decode(record)).toMatchObject({ ok: true, event: { data: { failover } } });
  });

  it('publishes the former pair while the new one is unused, with an event id of its own', () => {
    const formerCredential = {
      sealed: 'f.o.r.m.r',
      revision: 1,
      apiKeyLast4: 'former-1',
      applicationKeyLast4: 'former-2',
    };
    const record = recordOf({ kind: 'connection', connection: aConnection({ formerCredential }) });
    const former = { sealed: 'f.o.r.m.r', revision: 1 };
    expect(Connections.decode(record)).toMatchObject({ ok: true, event: { data: { credential: { former } } } });
    expect(String(record.value)).not.toContain('former-');
    expect(record.headers.ce_id).not.toBe(recordOf({ kind: 'connection', connection: aConnection() }).headers.ce_id);
  });

  it('publishes former slugs and until when they are valid, if there are any', () => {
    const formerSlugs = [{ slug: 'globex', validUntil: minute(9) }];
    const data = { formerSlugs: [{ slug: 'globex', validUntil: minute(9).toISOString() }] };
    const record = recordOf({ kind: 'connection', connection: aConnection({ formerSlugs }) });
    expect(Connections.decode(record)).toMatchObject({ ok: true, event: { data } });
    expect(String(recordOf({ kind: 'connection', connection: aConnection() }).value)).not.toContain('formerSlugs');
  });

  it('publishes a deleted connection as a tombstone', () => {
    expect(recordOf({ kind: 'connection-deleted', id: 'x' })).toMatchObject({ key: 'x', value: null });
  });

  it('publishes settings and sync requests by their contracts', () => {
    const settings = { ...withoutSettings('acme-us'), localHandles: ['web'], fallbackHandle: 'core', version: 1 };
    const org = SourceOrgs.decode(recordOf({ kind: 'source-org', settings, at: minute(0) }));
    expect(org).toMatchObject({ ok: true, event: { data: { localHandles: ['web'], fallbackHandle: 'core' } } });
    const asked = recordOf({ kind: 'sync-requested', connection: aConnection(), requestId: 'r', at: minute(0) });
    expect(SyncRequests.decode(asked)).toMatchObject({ ok: true, event: { data: { cause: 'requested' } } });
  });

  it('gives one version one event id, and another version another', () => {
    const id = (version: number) =>
      recordOf({ kind: 'connection', connection: aConnection({ version }) }).headers.ce_id;
    expect(id(1)).toBe(id(1));
    expect(id(1)).not.toBe(id(2));
  });

  it('publishes an API token by its contract and id, without its last characters', () => {
    const token = anAccessToken({ revokedAt: minute(5), version: 2 });
    const record = recordOf({ kind: 'token', token });
    expect(record.key).toBe(token.id);
    const { hash, sourceOrg } = token;
    const data = { tokenId: token.id, sourceOrg, role: 'editor', hash, revokedAt: minute(5).toISOString(), version: 2 };
    expect(AccessTokens.decode(record)).toMatchObject({ ok: true, event: { data } });
    expect(String(record.value)).not.toContain(token.last4);
  });

  it('publishes a deleted API token as a tombstone', () => {
    const token = anAccessToken();
    expect(recordOf({ kind: 'token-forgotten', id: token.id })).toEqual(AccessTokens.tombstone(token.id));
  });
});
