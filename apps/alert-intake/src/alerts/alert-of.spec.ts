import { describe, expect, it } from '@jest/globals';
import { Alerts } from '@pagebridge/contracts';
import { anIntegration } from '@pagebridge/testing';
import { mentionsIn } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { alertOf } from './alert-of.ts';
import { linksOf } from './links.ts';
import type { SourceAlert } from './source-alert.ts';

const integration = anIntegration({
  defaultHandle: 'core-infra',
  noDefaultFor: ['Watchdog'],
  severities: [{ severity: 'warning', priority: 'P2' }],
});
const anAlert = (its: Partial<SourceAlert> = {}): SourceAlert => ({
  identity: 'monitor-1',
  name: 'HighMemory',
  says: { state: 'firing', at: undefined },
  title: 'High memory',
  texts: [],
  facts: [],
  oncall: [],
  priority: undefined,
  severity: undefined,
  tags: [],
  links: [],
  ...its,
});
const of = (its: Partial<SourceAlert>) => alertOf(anAlert(its), integration);

describe('the handles of an alert', () => {
  it('are those of its text and of its field, and the default one only without them', () => {
    expect(of({ texts: ['@oncall-web is slow'] }).recipients).toBeUndefined();
    expect(of({ oncall: ['web, @oncall-db oncall-core'] }).recipients).toEqual([
      'oncall-web',
      'oncall-db',
      'oncall-core',
    ]);
    expect(of({ texts: ['slow'] }).recipients).toEqual(['oncall-core-infra']);
    expect(of({ oncall: ['["web", "db"]'] }).recipients).toEqual(['oncall-web', 'oncall-db']);
    expect(of({ oncall: ['Équipe, []'] }).recipients).toEqual(['oncall-core-infra']);
    expect(of({ name: 'Watchdog' }).recipients).toBeUndefined();
  });

  it('are never taken from facts, which whoever controls a label may have written', () => {
    const { message, recipients } = of({ facts: ['job=x @oncall-ceo'], texts: ['slow'] });
    expect(message).toBe('slow\n\njob=x @ oncall-ceo');
    expect(recipients).toEqual(['oncall-core-infra']);
  });

  it('are kept as recipients where the text is cut', () => {
    const { message, recipients } = of({
      texts: [`${'x '.repeat(200_000)}@oncall-web`, 'x'.repeat(2 ** 19), '@oncall-db'],
    });
    expect(message).toHaveLength(262_144);
    // Up to the first 512 Ki, beyond which nothing is searched.
    expect(recipients).toEqual(['oncall-web']);
  });

  it('count up to the 256th, before the next one of which the text ends', () => {
    const { message } = of({
      texts: [Array.from({ length: 300 }, (_, i) => `@oncall-t${i}`).join(' ')],
      facts: ['a=b'],
    });
    expect(mentionsIn(message)).toHaveLength(256);
    expect(message).toMatch(/@oncall-t255 \n\na=b$/);
  });
});

it('a priority that is named wins over a severity, of which the integration may have a meaning of its own', () => {
  expect(of({ priority: 'p3', severity: 'critical' }).priority).toBe('P3');
  expect(of({ severity: 'Critical' }).priority).toBe('P1');
  expect(of({ severity: 'warning' }).priority).toBe('P2');
  expect(of({ severity: 'toString' }).priority).toBeUndefined();
});

it('an identity that no key can hold is hashed', () => {
  expect(of({ identity: 'a\nb' }).alertKey).toMatch(/^here:sha256:[0-9a-f]{64}$/);
  expect(of({ identity: 'a b' }).alertKey).toBe('here:a b');
  expect(of({ identity: 'ж'.repeat(100) }).alertKey).toMatch(/^here:sha256:/);
});

it.each([
  ['https://w/a?x={y}', 'https://w/a?x=%7By%7D'],
  ['https://w/[x]?q=a|b', 'https://w/%5Bx%5D?q=a%7Cb'],
  ['https://w/a%zz?x=%', 'https://w/a%25zz?x=%25'],
  ['https://w/#a#b', 'https://w/#a%23b'],
  ['https://user:secret@w/', 'https://w/'],
])('the link %s is escaped as its contract takes it', (url, href) => {
  expect(linksOf([{ title: 'Runbook', url }])).toEqual([{ title: 'Runbook', url: href }]);
});

it.each(['javascript:alert(1)', '/relative', 'ftp://a/b', 'https://'])('%s is no link', (url) => {
  expect(linksOf([{ title: 'Runbook', url }])).toEqual([]);
});

it('whatever a source sends, the alert keeps its contract', () => {
  const text = (maxLength = 600) => fc.string({ unit: 'binary', maxLength });
  const texts = fc.array(text(), { maxLength: 300 });
  const anUrl = text(60).map((path) => `https://grafana.example.com/${path}`);
  const some = fc.record<Partial<SourceAlert>>({
    identity: text(),
    title: text(3000),
    texts,
    facts: texts,
    oncall: texts,
    priority: fc.option(text(), { nil: undefined }),
    severity: fc.option(text(), { nil: undefined }),
    tags: texts,
    links: fc.array(
      fc.record({
        title: text(),
        url: fc.oneof(text(), fc.webUrl({ withQueryParameters: true, withFragments: true }), anUrl),
      }),
      { maxLength: 40 },
    ),
  });
  fc.assert(
    fc.property(some, (its) => {
      const at = '2026-11-26T12:00:00.000Z';
      const data = {
        ...of({ ...its, links: linksOf(its.links ?? []) }),
        transition: 'triggered' as const,
        occurredAt: at,
      };
      const { value } = Alerts.encode('key', { id: '1', source: '/intake/here', time: at }, data);
      expect(Alerts.decode({ value, headers: {} })).toMatchObject({ ok: true });
    }),
    { numRuns: 50 },
  );
});
