import { describe, expect, it } from '@jest/globals';
import { UsageError } from '@pagebridge/process';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { RegistryTables } from '../registry/registry-tables.ts';
import { Differences } from './differences.ts';
import { type Outcome, outcomesOf } from './outcomes.ts';
import { junitOf, textOf } from './report.ts';
import { type Result, resultOf, suiteIn } from './suite.ts';

const now = new Date('2026-06-01T12:00:00Z');
const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const eu = aConnection({ connectionId: id(1) });
const ap = aConnection({
  connectionId: id(2),
  slug: 'initech-ap',
  name: 'Initech',
  directory: 'AP1/initech/1',
  enabled: false,
});

function tablesWith(...connections: (typeof eu)[]): RegistryTables {
  const tables = new RegistryTables();
  for (const its of connections) tables.applyConnection(its.connectionId, its);
  tables.applyHandle(eu.directory, 't1', aHandle({ teamId: 't1' }));
  tables.applyHandle(ap.directory, 't2', aHandle({ teamId: 't2', directory: ap.directory, teamHandle: 'network' }));
  tables.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['own'], version: 1 });
  return tables;
}
const tables = tablesWith(eu, ap);

const suiteOf = (alert: object, expect: object) =>
  stringify({ tests: [{ name: 'it', alert: { org: 'acme-us', ...alert }, expect }] });
const results = (text: string): Result[] => suiteIn(text).tests.map((test) => resultOf(test, tables, now));
const eventOf = (message: string, transition: 'triggered' | 'recovered' = 'triggered') => ({
  ...{ id: 'e', source: '/spec', type: 'alert', time: now.toISOString() },
  data: anAlert({ message, transition, title: 'Disk', alertKey: 'disk' }),
});

describe('a suite of route tests', () => {
  it('passes where page-routing does what each test says, and else says what it does and why', () => {
    const text = `
      now: 2026-06-01T12:00:00Z
      tests:
        - name: pages the team
          alert: { org: acme-us, message: 'Disk @oncall-core-infra.', priority: P2 }
          expect: { pages: [{ handle: Core-Infra, team: core-infra, connection: globex-eu, urgency: high }] }
        - name: knows what pages nobody
          alert: { org: acme-us, message: '@oncall-own @oncall-network' }
          expect: { unrouted: [{ handle: '@oncall-own', reason: local }, { handle: oncall-network }] }
        - name: resolves
          alert: { org: acme-us, transition: recovered }
          expect: { resolves: true }
        - name: needs no page
          alert: { org: acme-us, message: nobody }
          expect: { pages: [] }
        - name: pages low
          alert: { org: acme-us, message: '@oncall-core-infra', priority: P5 }
          expect: { pages: [{ handle: core-infra, urgency: high }] }
    `;
    expect(textOf(results(text))).toEqual([
      'ok    pages the team',
      'ok    knows what pages nobody',
      'ok    resolves',
      'ok    needs no page',
      'FAIL  pages low',
      '      - @oncall-core-infra pages any team over any connection, urgency high',
      '      + @oncall-core-infra pages core-infra over globex-eu, urgency low',
      '4 of 5 tests passed',
    ]);
  });

  it('says all that an alert leads to: any test that leaves out an outcome, or has another, fails', () => {
    const words = fc.constantFrom('@oncall-core-infra', '@oncall-own', '@oncall-network', '@oncall-nobody', 'disk');
    fc.assert(
      fc.property(fc.uniqueArray(words, { maxLength: 5 }), fc.nat(), (message, at) => {
        const alert = { message: message.join(' ') };
        const outcomes = outcomesOf(eventOf(alert.message), tables, now);
        const given = (kept: readonly Outcome[]) => {
          const of = (kind: Outcome['kind'], fields: readonly string[]) =>
            kept
              .filter((outcome) => outcome.kind === kind)
              .map((outcome) =>
                Object.fromEntries(Object.entries(outcome).filter(([field]) => fields.includes(field))),
              );
          const pages = of('page', ['handle', 'team', 'connection', 'urgency']);
          return { pages, unrouted: of('unrouted', ['handle', 'reason']) };
        };
        expect(results(suiteOf(alert, given(outcomes)))).toMatchObject([{ ok: true, missing: [], unexpected: [] }]);
        if (outcomes.length === 0) return;
        const without = outcomes.toSpliced(at % outcomes.length, 1);
        expect(results(suiteOf(alert, given(without)))).toMatchObject([{ ok: false, missing: [] }]);
        expect(results(suiteOf({ message: 'disk' }, given(outcomes)))).toMatchObject([{ ok: false, unexpected: [] }]);
      }),
    );
  });

  it.each([
    ['tests: [', 'the suite is not valid YAML: '],
    ['tests: 1', 'tests must be a list'],
    ['tests: []\nnow: yesterday', 'now must be a time'],
    ['tests: []', 'tests must not be empty'],
    [
      'tests: [{ name: a, alert: { org: acme-us }, expct: {} }]',
      'tests[0] has the unknown field expct; allowed: name, alert, expect',
    ],
    [suiteOf({ mesage: 'x' }, {}), 'tests[0].alert has the unknown field mesage'],
    [suiteOf({ org: 'Acme!' }, {}), 'tests[0].alert: org must match'],
    [suiteOf({ priority: 'high' }, {}), 'tests[0].alert: priority must be one of P1, P2'],
    [suiteOf({}, { pages: [{ handle: 7 }] }), 'tests[0].expect.pages[0].handle must be a string'],
    [suiteOf({}, { resolves: 'no' }), 'tests[0].expect.resolves must be true'],
  ])('is refused with the place that is wrong: %j', (text, complaint) => {
    expect(() => suiteIn(text)).toThrow(UsageError);
    expect(() => suiteIn(text)).toThrow(complaint);
  });

  it('meets expectations of equal size in any order, if each has an outcome of its own', () => {
    const both = tablesWith(eu, { ...ap, enabled: true });
    const alert = { org: 'acme-us', message: '@oncall-core-infra @oncall-network', priority: 'P2' };
    const pages = [{ urgency: 'high' }, { team: 'core-infra' }];
    for (const each of [pages, pages.toReversed(), [{ urgency: 'high' }, { team: 'network' }]]) {
      const { tests } = suiteIn(stringify({ tests: [{ name: 'it', alert, expect: { pages: each } }] }));
      expect(tests.map((test) => resultOf(test, both, now))).toMatchObject([{ ok: true }]);
    }
  });

  it('is well-formed JUnit XML, whatever names and reasons contain', () => {
    const hostile = '</failure>&"\u0000\u001b[31m\ud800\uffff';
    const unexpected: Outcome[] = [{ kind: 'unrouted', handle: hostile, reason: 'r', detail: hostile }];
    const text = junitOf(hostile, [
      { name: hostile, ok: false, missing: [], unexpected },
      { name: 'b', ok: true, missing: [], unexpected: [] },
    ]);
    expect(text).toMatch(/^<\?xml .*\n<testsuites tests="2" failures="1">\n/);
    expect([...text.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag).join(' ')).toBe(
      'testsuites testsuite testcase failure failure testcase testcase testsuite testsuites',
    );
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;)|\p{Cc}(?<!\n)|\uffff/u);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('the difference of two registries', () => {
  const differencesFrom = (changed: RegistryTables, ...messages: string[]) => {
    const differences = new Differences(tables, changed, now);
    for (const [n, message] of messages.entries()) differences.add(eventOf(message), 'paging.alerts.v1', `t/0/${n}`);
    return differences;
  };

  it('is what alerts would page otherwise, by handle, with the last example', () => {
    const changed = tablesWith({ ...eu, enabled: false, version: 2 }, { ...ap, enabled: true, version: 2 });
    const { all, alerts, differing } = differencesFrom(
      changed,
      '@oncall-core-infra',
      '@oncall-own',
      '@oncall-core-infra @oncall-network',
    );
    expect({ alerts, differing }).toEqual({ alerts: 3, differing: 2 });
    expect(all.map((each) => [each.alerts, each.handle, each.now, each.changed, each.example.record])).toEqual([
      [
        2,
        '@oncall-core-infra',
        'pages core-infra over globex-eu, urgency high',
        'pages nobody: connection-disabled',
        't/0/2',
      ],
      [
        1,
        '@oncall-network',
        'pages nobody: connection-disabled',
        'pages network over initech-ap, urgency high',
        't/0/2',
      ],
    ]);
  });

  it('is nothing where only names change, and has the backup and the topic that alerts are refused on', () => {
    const renamed = tablesWith({ ...eu, slug: 'globex', name: 'Globex', version: 2 }, ap);
    expect(differencesFrom(renamed, '@oncall-core-infra').differing).toBe(0);
    const backed = { ...eu, version: 2, failover: { connectionId: id(2), teamHandle: 'network' } };
    const changed = tablesWith(backed, { ...ap, enabled: true, version: 2 });
    expect(differencesFrom(changed, '@oncall-core-infra').all[0]?.changed).toMatch(/backup network over initech-ap$/);
    const own = tablesWith(eu, ap);
    own.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: [], alertTopic: 'own', version: 2 });
    const refused = differencesFrom(own, '@oncall-own').all.map(({ handle, changed }) => [handle, changed]);
    expect(refused).toEqual([
      ['', 'is rejected: not-its-topic'],
      ['@oncall-own', 'has no outcome'],
    ]);
  });
});
