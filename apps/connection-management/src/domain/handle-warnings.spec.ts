import { describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aHandle, aConnection as published } from '@pagebridge/testing';
import { backupWarnings, fallbackWarnings } from './handle-warnings.ts';

const now = new Date('2026-06-01T00:00:00Z');
const globex = published({ name: 'Globex EU', slug: 'globex-eu', directory: 'EU1/globex/eu' });
const off = published({ name: 'Globex AP', slug: 'globex-ap', directory: 'EU1/globex/ap', enabled: false });
const teams = [
  aHandle({ directory: globex.directory, teamHandle: 'network' }),
  aHandle({ directory: globex.directory, teamHandle: 'oncall-night' }),
  aHandle({ directory: off.directory, teamHandle: 'payments' }),
];

const registry = new HandleRegistry();
for (const connection of [globex, off]) registry.applyConnection(connection.connectionId, connection);
for (const team of teams) registry.applyHandle(team.directory, team.teamId, team);
registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['web'], version: 1 });

const ofFallback = (fallbackHandle: string | undefined) =>
  fallbackWarnings(registry, { sourceOrg: 'acme-us', fallbackHandle }, now);
const ofBackup = (teamHandle: string, { connectionId } = globex) =>
  backupWarnings(registry, { sourceOrg: 'acme-us', failover: { connectionId, teamHandle } }, now);

describe('the warnings of a setting', () => {
  it.each([undefined, 'network', 'globex-eu/network', 'oncall-night'])(
    'are none where the fallback is %s',
    (handle) => {
      expect(ofFallback(handle)).toEqual([]);
    },
  );

  it('name the nearest handle where the fallback is unknown', () => {
    expect(ofFallback('netwrk')).toEqual([
      {
        field: 'fallbackHandle',
        code: 'unknown-handle',
        message: 'fallbackHandle: no active connection of acme-us knows @oncall-netwrk',
        cure: 'Set network, the nearest that is known, or another; a team that is added later is known soon after.',
      },
    ]);
    expect(ofFallback('something-else')).toMatchObject([{ cure: expect.stringMatching(/^Set another/) }]);
  });

  it('tell what was meant where a handle was written with its prefix', () => {
    expect(ofFallback('oncall-network')).toMatchObject([
      { field: 'fallbackHandle', code: 'written-with-prefix', cure: 'Write network, without oncall-.' },
    ]);
    expect(ofBackup('oncall-network')).toMatchObject([
      { field: 'failover.teamHandle', code: 'written-with-prefix', cure: 'Write network, without oncall-.' },
    ]);
    expect(ofFallback('oncall-nobody')).toMatchObject([
      { code: 'written-with-prefix', cure: 'Write the team handle alone, without oncall-.' },
    ]);
  });

  it('tell that a handle is known to a disabled connection only', () => {
    expect(ofFallback('payments')).toMatchObject([
      { code: 'connection-disabled', message: expect.stringContaining('"Globex AP"'), cure: expect.any(String) },
    ]);
    expect(ofBackup('payments', off)).toMatchObject([{ field: 'failover.connectionId', code: 'connection-disabled' }]);
  });

  it('tell that the backup is no team of its connection, and which is nearest there', () => {
    expect(ofBackup('network')).toEqual([]);
    expect(ofBackup('netwrk')).toMatchObject([
      {
        field: 'failover.teamHandle',
        code: 'unknown-handle',
        message: 'failover.teamHandle: connection "Globex EU" knows no team netwrk',
        cure: expect.stringContaining('network'),
      },
    ]);
  });

  it('tell that the backup is a connection of which nothing has been read', () => {
    expect(ofBackup('network', published())).toMatchObject([
      { field: 'failover.connectionId', code: 'connection-unknown', cure: expect.any(String) },
    ]);
  });

  it('say so where the handles have not been read yet', () => {
    const settings = { sourceOrg: 'acme-us', fallbackHandle: 'network' };
    expect(fallbackWarnings(undefined, settings, now)).toMatchObject([
      { field: 'fallbackHandle', code: 'not-checked' },
    ]);
    expect(fallbackWarnings(undefined, { sourceOrg: 'acme-us', fallbackHandle: undefined }, now)).toEqual([]);
  });

  it('leave alone what was local until now', () => {
    expect(ofFallback('web')).toEqual([]);
  });
});
