import { describe, expect, it } from '@jest/globals';
import type { Alert, Event } from '@pagebridge/contracts';
import { PageCommands } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import { decide } from './decide.ts';

const now = new Date('2026-06-01T00:00:00Z');
const eu = '00000000-0000-4000-8000-00000000000a';
const ap = '00000000-0000-4000-8000-00000000000b';
const directoryOf = (connectionId: string): string => `EU1/org/${connectionId}`;
const failover = { connectionId: ap, teamHandle: 'operations', afterSeconds: 60 };

function registryWith(): HandleRegistry {
  const registry = new HandleRegistry();
  registry.applyConnection(eu, aConnection({ connectionId: eu, directory: directoryOf(eu), slug: 'eu', failover }));
  registry.applyConnection(ap, aConnection({ connectionId: ap, directory: directoryOf(ap), slug: 'ap', name: 'Asia' }));
  for (const [connectionId, teamHandle] of [
    [eu, 'core-infra'],
    [eu, 'operations'],
    [ap, 'operations'],
  ] as const) {
    const teamId = `${teamHandle}-of-${connectionId.at(-1)}`;
    registry.applyHandle(
      directoryOf(connectionId),
      teamId,
      aHandle({ directory: directoryOf(connectionId), teamId, teamHandle }),
    );
  }
  return registry;
}

const event = (message: string): Event<Alert> => ({
  id: 'e-1',
  source: '//monitors.example',
  type: 'com.pagebridge.alert.v1',
  time: '2026-06-01T00:00:00Z',
  data: anAlert({ message }),
});

function pageOf(registry: HandleRegistry, message = 'Disk full. @oncall-core-infra') {
  const verdict = decide(event(message), registry, now);
  const [decision] = verdict.ok ? verdict.decisions : [];
  if (decision?.kind !== 'page') throw new Error('no page');
  return decision;
}

describe('the backup of a connection', () => {
  it('is in the page command with its team, which is looked up over the backup only', () => {
    const { command } = pageOf(registryWith());
    expect(command.failover).toEqual({
      connectionId: ap,
      teamId: 'operations-of-b',
      teamHandle: 'operations',
      afterSeconds: 60,
    });
    const attributes = { id: '1', source: '/s', time: '2026-06-01T00:00:00Z' };
    expect(PageCommands.decode(PageCommands.encode('k', attributes, command))).toMatchObject({ ok: true });
  });

  it('is that of the connection of the page, and of no other', () => {
    expect(pageOf(registryWith(), '@oncall-ap/operations').command).not.toHaveProperty('failover');
  });

  it('is found by the former handle of a renamed team within its grace period', () => {
    const registry = registryWith();
    const formerHandles = [{ teamHandle: 'operations', validUntil: '2026-07-01T00:00:00Z' }];
    const its = { directory: directoryOf(ap), teamId: 'operations-of-b', teamHandle: 'ops', formerHandles };
    registry.applyHandle(directoryOf(ap), 'operations-of-b', aHandle(its));
    expect(pageOf(registry).command.failover).toMatchObject({ teamId: 'operations-of-b', teamHandle: 'ops' });
  });

  it.each([
    [
      'is disabled',
      (registry: HandleRegistry) =>
        registry.applyConnection(
          ap,
          aConnection({ connectionId: ap, directory: directoryOf(ap), name: 'Asia', enabled: false, version: 2 }),
        ),
      'connection-disabled',
      'The connection "Asia" of the backup is disabled.',
    ],
    [
      'is gone',
      (registry: HandleRegistry) => registry.applyConnection(ap, null),
      'connection-unknown',
      'does not exist',
    ],
    [
      'is another org’s',
      (registry: HandleRegistry) =>
        registry.applyConnection(
          ap,
          aConnection({ connectionId: ap, directory: directoryOf(ap), sourceOrg: 'umbrella', version: 2 }),
        ),
      'connection-unknown',
      'does not exist',
    ],
    [
      'does not know the handle',
      (registry: HandleRegistry) => registry.applyHandle(directoryOf(ap), 'operations-of-b', null),
      'unknown-handle',
      'has no team with the handle @oncall-operations',
    ],
  ])('is left out if it %s: the page has no backup, and the decision has the reason', (_, change, result, detail) => {
    const registry = registryWith();
    change(registry);
    const { command, failover: found } = pageOf(registry);
    expect(command).not.toHaveProperty('failover');
    expect(found).toMatchObject({ result, named: failover, detail: expect.stringContaining(detail) });
  });
});
