import { describe, expect, it } from '@jest/globals';
import {
  type Alert,
  type Event,
  maxPageDescriptionLength,
  type PageCommand,
  PageCommands,
} from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import fc from 'fast-check';
import { decide } from './decide.ts';
import { type Decision, unknownNameOf } from './decision.ts';

const now = new Date('2026-06-01T00:00:00Z');
const eu = '00000000-0000-4000-8000-00000000000a';
const us = '00000000-0000-4000-8000-00000000000b';
const directoryOf = (connectionId: string): string => `EU1/org/${connectionId}`;

/** A registry with `ops` and `core-infra`, the local handle `mine`, and `off` over a disabled connection. */
function registryWith(fallbackHandle?: string): HandleRegistry {
  const registry = new HandleRegistry();
  registry.applyConnection(
    eu,
    aConnection({ connectionId: eu, directory: directoryOf(eu), slug: 'eu', name: 'Europe' }),
  );
  registry.applyConnection(
    us,
    aConnection({ connectionId: us, directory: directoryOf(us), slug: 'us', name: 'America', enabled: false }),
  );
  const teams = [
    [eu, 'ops'],
    [eu, 'core-infra'],
    [us, 'off'],
  ] as const;
  for (const [connectionId, teamHandle] of teams) {
    const teamId = `id-of-${teamHandle}`;
    registry.applyHandle(
      directoryOf(connectionId),
      teamId,
      aHandle({ directory: directoryOf(connectionId), teamId, teamHandle }),
    );
  }
  const settings = { sourceOrg: 'acme-us', localHandles: ['mine'], version: 1 };
  registry.applySourceOrg('acme-us', fallbackHandle === undefined ? settings : { ...settings, fallbackHandle });
  return registry;
}

const eventOf = (message: string, its: Partial<Alert> = {}): Event<Alert> => ({
  id: 'e-1',
  source: '//monitors.example',
  type: 'com.pagebridge.alert.v1',
  time: '2026-06-01T00:00:00Z',
  data: anAlert({ message, occurredAt: '2026-05-31T23:59:59Z', ...its }),
});

function decisionsOf(event: Event<Alert>, registry: HandleRegistry): readonly Decision[] {
  const verdict = decide(event, registry, now);
  if (!verdict.ok) throw new Error(verdict.detail);
  return verdict.decisions;
}

const commandsOf = (decisions: readonly Decision[]): PageCommand[] =>
  decisions.flatMap((decision) => (decision.kind === 'page' ? [decision.command] : []));
const commandsFor = (message: string, fallback?: string) =>
  commandsOf(decisionsOf(eventOf(message), registryWith(fallback)));
const detailFor = (message: string, fallback: string): string[] =>
  decisionsOf(eventOf(message), registryWith(fallback)).map((decision) =>
    decision.kind === 'unrouted' ? `${decision.record.reason}: ${decision.record.detail}` : decision.kind,
  );

describe('an unknown handle', () => {
  it("pages the team of the org's fallback handle, with the reason on the page", () => {
    const [command, ...others] = commandsFor('Disk full. @oncall-core-infar', 'ops');
    expect(others).toEqual([]);
    expect(command).toMatchObject({ teamHandle: 'ops', handle: '@oncall-core-infar', matched: 'fallback' });
    expect(command?.description).toMatch(
      /^@oncall-core-infar \(nearest known: @oncall-core-infra\) is unknown in source org acme-us\. Its fallback @oncall-ops is paged instead\.\n\nDisk full\. @oncall-core-infar\n\n/,
    );
  });

  it('says on the page of the fallback which part of the registry was not read', () => {
    const gap = 'paging.handles.v1/3 has not been read yet: LEADER_NOT_AVAILABLE';
    const verdict = decide(eventOf('@oncall-what'), registryWith('ops'), now, () => gap);
    expect(verdict.ok && commandsOf(verdict.decisions)).toMatchObject([
      { teamHandle: 'ops', description: expect.stringContaining(gap) },
    ]);
    const unknown = decide(eventOf('@oncall-what'), registryWith('oops'), now, () => gap);
    expect(unknown).toMatchObject({ decisions: [{ record: { detail: expect.not.stringContaining('Configure') } }] });
  });

  it('pages a qualified fallback handle', () => {
    expect(commandsFor('@oncall-what', 'eu/ops')).toMatchObject([{ teamHandle: 'ops', matched: 'fallback' }]);
  });

  it('shares its page with the other unknown handles of the alert, which the page names', () => {
    const decisions = decisionsOf(eventOf('@oncall-qqqqqq @oncall-zzzzzz.'), registryWith('ops'));
    expect(decisions.map(({ kind }) => kind)).toEqual(['page', 'same-page']);
    expect(commandsOf(decisions)[0]?.description).toContain(
      '@oncall-qqqqqq, @oncall-zzzzzz are unknown in source org acme-us. Their fallback @oncall-ops is paged instead.',
    );
  });

  it('is cut on the page if it is very long', () => {
    const [command] = commandsFor(`@oncall-${'x'.repeat(200_000)} Disk full.`, 'ops');
    expect(command?.description.length).toBeLessThanOrEqual(maxPageDescriptionLength);
    expect(command?.description).toMatch(/^@oncall-x{291}… is unknown/);
  });

  it('adds its note to the page of the fallback team if the alert names that team too', () => {
    const decisions = decisionsOf(eventOf('@oncall-what @oncall-ops @oncall-core-infra'), registryWith('ops'));
    expect(decisions.map(({ kind }) => kind)).toEqual(['same-page', 'page', 'page']);
    const [ops, core] = commandsOf(decisions);
    expect(ops).toMatchObject({ handle: '@oncall-ops', matched: 'exact' });
    expect(ops?.description).toMatch(/^@oncall-what is unknown/);
    expect(core?.description).not.toContain('is unknown');
    expect(decisions[0]).toMatchObject({ pageId: ops?.pageId });
  });

  it.each([
    ['is unknown', 'oops', 'The fallback @oncall-oops is also unknown. Configure another fallback.'],
    ['is its own fallback', 'what', 'The fallback @oncall-what is also unknown.'],
    ['is local', 'mine', 'The fallback @oncall-mine is a local handle of the org'],
    ['is disabled', 'off', 'The fallback @oncall-off belongs to connection "America", which is disabled.'],
  ])('stays unrouted if the fallback %s, with the reason', (_, fallback, expected) => {
    expect(detailFor('@oncall-what', fallback)).toEqual([expect.stringContaining(expected)]);
    expect(detailFor('@oncall-what', fallback)).toEqual([expect.stringMatching(/^unknown-handle: No active/)]);
  });

  it('stays unrouted if the fallback belongs to a disabled connection, and suggests another fallback', () => {
    const registry = registryWith('ops');
    registry.applyConnection(
      us,
      aConnection({ connectionId: us, directory: directoryOf(us), slug: 'us', name: 'America', version: 3 }),
    );
    registry.applyHandle(
      directoryOf(us),
      't9',
      aHandle({ directory: directoryOf(us), teamId: 't9', teamHandle: 'ops' }),
    );
    registry.applyConnection(
      eu,
      aConnection({ connectionId: eu, directory: directoryOf(eu), slug: 'eu', enabled: false, version: 2 }),
    );
    expect(decisionsOf(eventOf('@oncall-what'), registry)).toMatchObject([
      {
        record: {
          reason: 'unknown-handle',
          detail: expect.stringContaining('Enable it, or configure @oncall-us/ops.'),
        },
      },
    ]);
  });

  it('stays unrouted in an org without a fallback', () => {
    expect(commandsFor('@oncall-what')).toEqual([]);
  });
});

describe('a fallback', () => {
  it('is not paged for a handle that is local, disabled or in a manual alert', () => {
    const registry = registryWith('ops');
    const reasons = [
      ...decisionsOf(eventOf('@oncall-mine @oncall-off'), registry),
      ...decisionsOf(eventOf('@oncall-what', { origin: 'manual' }), registry),
    ].map((decision) => decision.kind === 'unrouted' && decision.record.reason);
    expect(reasons).toEqual(['local', 'connection-disabled', 'manual-origin']);
  });

  const words = ['ops', 'eu/ops', 'core-infra', 'mine', 'off', 'core-infar', 'what', 'x'.repeat(250), 'y'.repeat(900)];
  const anyMessage = fc
    .array(fc.constantFrom(...words, ...Array.from({ length: 60 }, (_, i) => `nobody-${i}`)), { maxLength: 60 })
    .map((names) => names.map((name) => `@oncall-${name}`).join(' '));
  const anyFallback = fc.constantFrom('ops', 'eu/ops', 'core-infra', 'mine', 'off', 'what');

  it('changes only the decisions on unknown handles', () => {
    fc.assert(
      fc.property(anyMessage, anyFallback, (message, fallback) => {
        const [without, withIt] = [undefined, fallback].map((it) => decisionsOf(eventOf(message), registryWith(it)));
        const known = (decisions: readonly Decision[] = []) =>
          decisions
            .filter((decision) => unknownNameOf(decision) === undefined)
            .map((decision) => {
              const { description, ...command } = decision.kind === 'page' ? decision.command : { description: '' };
              return decision.kind === 'page' ? { ...decision, command } : decision;
            });
        expect(known(withIt)).toEqual(known(without));
        expect(withIt?.map(unknownNameOf)).toEqual(without?.map(unknownNameOf));
      }),
    );
  });

  it('pages each team once, names the unknown handles, and fits the contract', () => {
    fc.assert(
      fc.property(anyMessage, fc.constantFrom('ops', 'eu/ops', 'core-infra'), (message, fallback) => {
        const decisions = decisionsOf(eventOf(message), registryWith(fallback));
        const commands = commandsOf(decisions);
        const teams = commands.map(({ teamId }) => teamId);
        expect(new Set(teams).size).toBe(teams.length);
        expect(new Set(commands.map(({ pageId }) => pageId)).size).toBe(teams.length);
        expect(commands.filter(({ matched }) => matched === 'fallback').length).toBeLessThanOrEqual(1);
        const unknown = decisions.filter((decision) => unknownNameOf(decision) !== undefined);
        expect(unknown.filter(({ kind }) => kind === 'unrouted')).toEqual([]);
        const noted = commands.filter(({ description }) => description.includes(' unknown in source org '));
        expect(noted).toHaveLength(unknown.length > 0 ? 1 : 0);
        for (const command of commands) {
          const attributes = { id: '1', source: '/s', time: '2026-06-01T00:00:00Z' };
          expect(PageCommands.decode(PageCommands.encode('k', attributes, command))).toMatchObject({ ok: true });
        }
      }),
    );
  });
});
