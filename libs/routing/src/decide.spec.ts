import { describe, expect, it } from '@jest/globals';
import { type Alert, type Event, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import fc from 'fast-check';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';

const now = new Date('2026-06-01T00:00:00Z');
const eu = '00000000-0000-4000-8000-00000000000a';
const us = '00000000-0000-4000-8000-00000000000b';
const directoryOf = (connectionId: string): string => `EU1/org/${connectionId}`;

const eventOf = (its: Partial<Alert> = {}, id = 'e-1'): Event<Alert> => ({
  id,
  source: '//monitors.example',
  type: 'com.pagebridge.alert.v1',
  time: '2026-06-01T00:00:00Z',
  data: anAlert({ occurredAt: '2026-05-31T23:59:59Z', ...its }),
});

function registryWith(
  ...handles: (readonly [connectionId: string, teamId: string, teamHandle: string])[]
): HandleRegistry {
  const registry = new HandleRegistry();
  registry.applyConnection(
    eu,
    aConnection({ connectionId: eu, directory: directoryOf(eu), slug: 'eu', name: 'Europe' }),
  );
  registry.applyConnection(
    us,
    aConnection({ connectionId: us, directory: directoryOf(us), slug: 'us', createdAt: '2026-02-01T00:00:00.000Z' }),
  );
  for (const [connectionId, teamId, teamHandle] of handles) {
    registry.applyHandle(
      directoryOf(connectionId),
      teamId,
      aHandle({ directory: directoryOf(connectionId), teamId, teamHandle }),
    );
  }
  return registry;
}

function decisionsOf(event: Event<Alert>, registry: HandleRegistry): readonly Decision[] {
  const verdict = decide(event, registry, now);
  if (!verdict.ok) throw new Error(verdict.detail);
  return verdict.decisions;
}

/** Each decision as a short text: `page core`, `same-page eu/core`, `unknown-handle x`. */
const textsOf = (decisions: readonly Decision[]): string[] =>
  decisions.map((decision) => {
    if (decision.kind === 'resolve') return 'resolve';
    return `${decision.kind === 'unrouted' ? decision.record.reason : decision.kind} ${decision.mention}`;
  });

describe('decide', () => {
  it('says of an unknown handle what is true whether its look-up is requested or not', () => {
    const registry = registryWith([eu, 't1', 'core-infra']);
    const [decision] = decisionsOf(eventOf({ message: '@oncall-core-infr' }), registry);
    expect(decision?.kind === 'unrouted' && decision.record.detail).toBe(
      'No active connection of acme-us has the handle @oncall-core-infr. Did you mean @oncall-core-infra? A handle exists once its team has on-call routing rules in its destination and a sync has read the team.',
    );
  });

  it('names the nearest handle of the first ten unknown handles of an alert only, however they are written', () => {
    const registry = registryWith([eu, 't1', 'core-infra']);
    const message = Array.from({ length: 24 }, (_, n) => `@oncall-core-infra${n >> 1}${n % 2 ? '.' : ''}`).join(' ');
    const decisions = decisionsOf(eventOf({ message: `@oncall-core-infra ${message}` }), registry);
    const hints = decisions.map((decision) => decision.kind === 'unrouted' && decision.record.nearest?.handle);
    expect(hints).toEqual([false, ...Array(10).fill('@oncall-core-infra'), undefined, undefined]);
  });

  describe('while a part of the registry was not read', () => {
    const gap = 'paging.handles.v1/3 has not been read yet: LEADER_NOT_AVAILABLE';
    const decisionsBeside = (its: Partial<Alert>, registry: HandleRegistry) => {
      const verdict = decide(eventOf(its), registry, now, (sourceOrg) => (sourceOrg === 'acme-us' ? gap : undefined));
      return verdict.ok ? verdict.decisions : [];
    };

    it('gives that as the reason for an unknown handle that may be in it, and pages known ones', () => {
      const message = '@oncall-core-infra @oncall-what';
      const [known, unknown] = decisionsBeside({ message }, registryWith([eu, 't1', 'core-infra']));
      expect(known?.kind).toBe('page');
      expect(unknown).toMatchObject({
        record: { handle: '@oncall-what', reason: 'registry-incomplete', detail: expect.stringContaining(gap) },
      });
      const [elsewhere] = decisionsBeside({ message, sourceOrg: 'globex' }, registryWith());
      expect(elsewhere).toMatchObject({ record: { reason: 'unknown-handle' } });
    });

    it('resolves the pages of an alert although no connection of its org is known', () => {
      const recovered = { transition: 'recovered' } as const;
      expect(decisionsBeside(recovered, new HandleRegistry())).toMatchObject([{ kind: 'resolve' }]);
      const [elsewhere] = decisionsBeside({ ...recovered, sourceOrg: 'globex' }, new HandleRegistry());
      expect(elsewhere?.kind).toBe('unrouted');
    });
  });

  it('pages the team whose handle is in the text', () => {
    const [decision] = decisionsOf(eventOf(), registryWith([eu, 't1', 'core-infra']));
    expect(decision).toMatchObject({
      kind: 'page',
      command: {
        kind: 'page',
        pageId: expect.stringMatching(/^[0-9a-f]{32}$/),
        alertEventId: 'e-1',
        occurredAt: '2026-05-31T23:59:59Z',
        connectionId: eu,
        teamId: 't1',
        teamHandle: 'core-infra',
        handle: '@oncall-core-infra',
        matched: 'exact',
        urgency: 'high',
      },
    });
  });

  it('decides each distinct handle once, in the order of the text', () => {
    const registry = registryWith([eu, 't1', 'a'], [us, 't2', 'b']);
    registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['mine'], version: 1 });
    const message = '@oncall-b @oncall-a. @oncall-a @oncall-mine @oncall-what @oncall-what. @oncall-A:';
    expect(textsOf(decisionsOf(eventOf({ message }), registry))).toEqual([
      'page b',
      'page a.',
      'local mine',
      'unknown-handle what',
    ]);
  });

  it('pages a team once, however many of its handles are named', () => {
    const decisions = decisionsOf(eventOf({ message: '@oncall-a @oncall-eu/a' }), registryWith([eu, 't1', 'a']));
    expect(textsOf(decisions)).toEqual(['page a', 'same-page eu/a']);
    expect(decisions[1]).toMatchObject({ pageId: decisions[0]?.kind === 'page' && decisions[0].command.pageId });
  });

  it('names the other active connections that claim the handle', () => {
    const registry = registryWith([us, 't', 'a'], [eu, 't', 'a'], [us, 't2', 'a']);
    const [decision] = decisionsOf(eventOf({ message: '@oncall-a' }), registry);
    expect(decision).toMatchObject({ command: { connectionId: eu, ambiguousWith: [us] } });
    registry.applyConnection(
      us,
      aConnection({ connectionId: us, directory: directoryOf(us), enabled: false, version: 2 }),
    );
    const [alone] = decisionsOf(eventOf({ message: '@oncall-a' }), registry);
    expect(alone?.kind === 'page' && alone.command).not.toHaveProperty('ambiguousWith');
  });

  it('pages no other team for the handle of a disabled connection, and records how to page it', () => {
    const registry = registryWith([us, 't2', 'a'], [eu, 't1', 'a']);
    registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: [], fallbackHandle: 'us/a', version: 1 });
    registry.applyConnection(
      eu,
      aConnection({ connectionId: eu, directory: directoryOf(eu), name: 'Europe', enabled: false, version: 2 }),
    );
    expect(decisionsOf(eventOf({ message: '@oncall-a' }), registry)).toMatchObject([
      {
        kind: 'unrouted',
        record: {
          reason: 'connection-disabled',
          connectionId: eu,
          detail:
            '@oncall-a belongs to connection "Europe", which is disabled. Enable it, or write @oncall-us/a to page the team of connection "Globex EU".',
          alternative: { handle: '@oncall-us/a', teamHandle: 'a', connectionId: us },
        },
      },
    ]);
  });

  it('does not suggest to enable a connection that is being deleted', () => {
    const registry = registryWith([eu, 't1', 'a'], [us, 't2', 'a']);
    const leaving = { enabled: false, deleting: true, version: 2 };
    const decided = () => decisionsOf(eventOf({ message: '@oncall-a' }), registry);
    registry.applyConnection(
      eu,
      aConnection({ connectionId: eu, directory: directoryOf(eu), name: 'Europe', ...leaving }),
    );
    const belongs = '@oncall-a belongs to connection "Europe", which is being deleted. Write @oncall-us/a to page';
    expect(decided()).toMatchObject([{ record: { detail: expect.stringContaining(belongs) } }]);
    registry.applyConnection(us, null);
    const known =
      '@oncall-a belongs to connection "Europe", which is being deleted. Add another connection with this team.';
    expect(decided()).toMatchObject([{ record: { reason: 'connection-disabled', detail: known } }]);
  });

  it('records why a handle is unrouted, with the cure', () => {
    const registry = registryWith([eu, 't1', 'core-infra'], [us, 't2', 'off']);
    registry.applyConnection(
      us,
      aConnection({ connectionId: us, directory: directoryOf(us), name: 'America', enabled: false, version: 2 }),
    );
    const decisions = decisionsOf(eventOf({ message: '@oncall-core-infar @oncall-off' }), registry);
    expect(decisions).toMatchObject([
      {
        record: {
          reason: 'unknown-handle',
          handle: '@oncall-core-infar',
          nearest: { handle: '@oncall-core-infra', teamHandle: 'core-infra', connectionId: eu },
          detail: expect.stringContaining('Did you mean @oncall-core-infra?'),
        },
      },
      { record: { reason: 'connection-disabled', connectionId: us, detail: expect.stringContaining('"America"') } },
    ]);
  });

  it('resolves a recovered alert once, with or without handles in its text', () => {
    for (const message of ['fine again', '@oncall-a @oncall-what']) {
      const decisions = decisionsOf(eventOf({ transition: 'recovered', message }), registryWith([eu, 't1', 'a']));
      expect(decisions).toEqual([
        {
          kind: 'resolve',
          command: {
            kind: 'resolve',
            sourceOrg: 'acme-us',
            alertKey: 'monitor-1234:host:backend-7',
            alertEventId: 'e-1',
            occurredAt: '2026-05-31T23:59:59Z',
          },
        },
      ]);
    }
  });

  it('records the handles of a recovery in an org without a connection', () => {
    const event = eventOf({ transition: 'recovered', message: '@oncall-a' });
    const decisions = decisionsOf(event, new HandleRegistry());
    expect(textsOf(decisions)).toEqual(['unknown-handle a']);
    expect(decisions).toMatchObject([{ record: { detail: expect.stringContaining('has no connection') } }]);
  });

  it.each(['triggered', 'recovered'] as const)('refuses every handle of a manual alert that %s', (transition) => {
    const event = eventOf({ origin: 'manual', transition, message: '@oncall-a @oncall-a. @oncall-what' });
    expect(textsOf(decisionsOf(event, registryWith([eu, 't1', 'a'])))).toEqual([
      'manual-origin a',
      'manual-origin what',
    ]);
  });

  it('routes a hundred handles and refuses an alert with more', () => {
    const naming = (count: number) =>
      eventOf({ message: Array.from({ length: count }, (_, i) => `@oncall-t${i} @oncall-t${i}.`).join(' ') });
    expect(decisionsOf(naming(100), registryWith())).toHaveLength(100);
    const verdict = decide(naming(5_000), registryWith(), now);
    expect(verdict).toMatchObject({ ok: false, reason: 'too-many-handles', detail: expect.stringContaining('5000') });
  });
});

describe('a page id', () => {
  const registry = registryWith([eu, 't1', 'a'], [us, 't1', 'b'], [eu, 't2', 'c']);
  const idsOf = (event: Event<Alert>) =>
    decisionsOf(event, registry).flatMap((decision) => (decision.kind === 'page' ? [decision.command.pageId] : []));
  const event = eventOf({ message: '@oncall-a @oncall-b @oncall-c' });

  it('is the same for the same event, connection and team', () => {
    expect(idsOf({ ...event, data: { ...event.data, title: 'other words' } })).toEqual(idsOf(event));
    expect(new Set(idsOf(event)).size).toBe(3);
  });

  it('differs for another event, source or time', () => {
    const others = [{ id: 'e-2' }, { source: '//other' }, { time: '2026-06-01T00:00:01Z' }];
    const ids = others.flatMap((its) => idsOf({ ...event, ...its }));
    expect(new Set([...ids, ...idsOf(event)]).size).toBe(12);
  });

  it('differs for another alert whose event has the same source, id and time', () => {
    const ofHost = (alertKey: string) => idsOf({ ...event, data: { ...event.data, alertKey } });
    expect(ofHost('host:1').filter((id) => ofHost('host:2').includes(id))).toEqual([]);
  });

  it('is made of parts that are clearly separated', () => {
    const left = idsOf({ ...event, source: 'a', id: 'bc' });
    const right = idsOf({ ...event, source: 'ab', id: 'c' });
    expect(left.filter((id) => right.includes(id))).toEqual([]);
  });

  it('depends on the time of the alert if the event has none', () => {
    const timeless = { ...event, time: '' };
    const later = { ...timeless, data: { ...event.data, occurredAt: '2026-06-02T00:00:00Z' } };
    expect(idsOf(later)).not.toEqual(idsOf(timeless));
  });
});

describe('every decision', () => {
  const anyAlert = fc.record({
    message: fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('@oncall-a', '@oncall-us/a.', '@oncall-off', '@oncall-_._', `@oncall-${'z.'.repeat(400)}`),
        ),
      )
      .map((words) => words.join(' ')),
    title: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1024 }),
    alertKey: fc.stringMatching(/^[ -~]{1,512}$/),
    tags: fc.array(fc.string({ minLength: 1, maxLength: 256 }), { maxLength: 256 }),
    origin: fc.constantFrom('monitor' as const, 'manual' as const),
    transition: fc.constantFrom('triggered' as const, 'warned' as const, 'recovered' as const),
    recipients: fc.array(fc.string({ minLength: 1, maxLength: 260 }), { maxLength: 5 }),
  });
  const attributes = { id: '1', source: '/s', time: '2026-06-01T00:00:00Z' };

  it('fits the contracts', () => {
    const registry = registryWith([eu, 't1', 'a'], [us, 't1', 'a'], [eu, 't2', 'off'], [us, 't2', 'off']);
    const off = '00000000-0000-4000-8000-00000000000c';
    const [directory, long] = [directoryOf(off), '2025-01-01T00:00:00.000Z'];
    const its = { connectionId: off, directory, name: 'x'.repeat(100), enabled: false, createdAt: long };
    registry.applyConnection(off, aConnection(its));
    registry.applyHandle(directory, 't3', aHandle({ directory, teamId: 't3', teamHandle: 'off', firstSeenAt: long }));
    fc.assert(
      fc.property(anyAlert, (alert) => {
        for (const decision of decisionsOf(eventOf(alert), registry)) {
          if (decision.kind === 'same-page') continue;
          const record =
            decision.kind === 'unrouted'
              ? UnroutedHandles.decode(UnroutedHandles.encode('k', attributes, decision.record))
              : PageCommands.decode(PageCommands.encode('k', attributes, decision.command));
          expect(record).toMatchObject({ ok: true });
        }
      }),
    );
  });
});
