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
  it.each([undefined, 'network', 'globex-eu/network', 'oncall-night'])('are empty for the fallback %s', (handle) => {
    expect(ofFallback(handle)).toEqual([]);
  });

  it('name the nearest handle if the fallback is unknown', () => {
    expect(ofFallback('netwrk')).toEqual([
      {
        field: 'fallbackHandle',
        code: 'unknown-handle',
        message: 'fallbackHandle: no active connection of acme-us has @oncall-netwrk',
        cure: 'Set network, the most similar handle, or another one. A team that is added later is found by the next sync.',
      },
    ]);
    expect(ofFallback('something-else')).toMatchObject([{ cure: expect.stringMatching(/^Set another/) }]);
  });

  it('name the team handle if it was written with its prefix', () => {
    expect(ofFallback('oncall-network')).toMatchObject([
      { field: 'fallbackHandle', code: 'written-with-prefix', cure: 'Use network, without oncall-.' },
    ]);
    expect(ofBackup('oncall-network')).toMatchObject([
      { field: 'failover.teamHandle', code: 'written-with-prefix', cure: 'Use network, without oncall-.' },
    ]);
    expect(ofFallback('oncall-nobody')).toMatchObject([
      { code: 'written-with-prefix', cure: 'Use only the team handle, without oncall-.' },
    ]);
  });

  it('say that only a disabled connection knows the handle', () => {
    expect(ofFallback('payments')).toMatchObject([
      { code: 'connection-disabled', message: expect.stringContaining('"Globex AP"'), cure: expect.any(String) },
    ]);
    expect(ofBackup('payments', off)).toMatchObject([{ field: 'failover.connectionId', code: 'connection-disabled' }]);
  });

  it('say that the backup connection has no such team, and name its nearest one', () => {
    expect(ofBackup('network')).toEqual([]);
    expect(ofBackup('netwrk')).toMatchObject([
      {
        field: 'failover.teamHandle',
        code: 'unknown-handle',
        message: 'failover.teamHandle: connection "Globex EU" has no team netwrk',
        cure: expect.stringContaining('network'),
      },
    ]);
  });

  it('say that page-routing has not read the backup connection yet', () => {
    expect(ofBackup('network', published())).toMatchObject([
      { field: 'failover.connectionId', code: 'connection-unknown', cure: expect.any(String) },
    ]);
  });

  it('say that nothing was checked while the handles are still being read', () => {
    const settings = { sourceOrg: 'acme-us', fallbackHandle: 'network' };
    expect(fallbackWarnings(undefined, settings, now)).toMatchObject([
      { field: 'fallbackHandle', code: 'not-checked' },
    ]);
    expect(fallbackWarnings(undefined, { sourceOrg: 'acme-us', fallbackHandle: undefined }, now)).toEqual([]);
  });

  it('do not concern a handle that was local until this change', () => {
    expect(ofFallback('web')).toEqual([]);
  });
});
