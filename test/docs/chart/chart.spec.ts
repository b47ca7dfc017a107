import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Alerts, orgAlertTopicOf, PageCommands } from '@pagebridge/contracts';
import { parse } from 'yaml';
import { readValues, withValues } from './chart.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}

describe('the alerts of the chart', () => {
  const metricsPage = read('docs/metrics.md');
  const fileOf = (name: string) => parse(read(`deploy/helm/pagebridge/files/${name}.yaml`));
  const added = ['intake-alerts', 'history-alerts', 'no-alerts'].flatMap(fileOf);
  const groups: { rules: Rule[] }[] = [...fileOf('alerts').groups, ...added];
  const rules = groups.flatMap((group) => group.rules);
  // A histogram is asked for by its sum and its count.
  const metricsOf = (text: string) =>
    [...text.matchAll(/pagebridge_\w+/g)].map(([metric]) => metric.replace(/_seconds_(sum|count)$/, '_seconds'));

  it('ask for metrics that the services expose', () => {
    const documented = new Set([...metricsPage.matchAll(/^\| `(pagebridge_\w+)` \|/gm)].map(([, metric]) => metric));
    expect(metricsOf(rules.map(({ expr }) => expr).join()).filter((metric) => !documented.has(metric))).toEqual([]);
  });

  it('exist for every condition in docs/metrics.md', () => {
    const [, table = ''] = metricsPage.split('## Metrics with alerts');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `(pagebridge_\w+)/gm)].map(([, metric]) => metric);
    expect(rows.length).toBeGreaterThan(10);
    const asked = new Set(metricsOf(rules.map(({ expr }) => expr).join()));
    expect(rows.filter((metric) => !asked.has(metric ?? ''))).toEqual([]);
    const outcomesOf = (text: string) => new Set([...text.matchAll(/outcome="(\w+)"/g)].map(([, outcome]) => outcome));
    expect(outcomesOf(table)).toEqual(outcomesOf(rules.map(({ expr }) => expr).join()));
  });

  it('tell of every parked record that would have led to a page', () => {
    const { expr = '' } = rules.find(({ alert }) => alert === 'PagebridgeAlertsParked') ?? {};
    const watched = [...expr.matchAll(/topic=~"([^"]*)"/g)].map(([, topics]) => new RegExp(`^(?:${topics})$`));
    expect(watched.length).toBeGreaterThan(0);
    for (const topic of [Alerts.card.topic, orgAlertTopicOf('acme-us'), PageCommands.card.topic]) {
      expect([topic, watched.every((topics) => topics.test(topic))]).toEqual([topic, true]);
    }
  });

  it('each lead to what to do about it', () => {
    const sections = [...read('docs/runbooks/alerts.md').matchAll(/^## (Pagebridge\w+)$/gm)].map(
      ([, alert = '']) => alert,
    );
    expect([...new Set(rules.map(({ alert }) => alert))]).toEqual(sections);
    const links = rules.map(({ alert }) => `DOCS/runbooks/alerts.md#${alert.toLowerCase()}`);
    expect(rules.map(({ annotations }) => annotations.runbook_url)).toEqual(links);
  });
});

describe('the values of the chart', () => {
  it('each say what they mean', () => {
    expect(() => readValues('# A.\na:\n  b: 1\n')).toThrow('a.b has no comment');
    expect(readValues('a:\n  # B.\n  # @schema {"minimum": 1}\n  b: 1\n')[0]?.values).toEqual([
      { key: 'b', meaning: 'B.', schema: { minimum: 1 }, preset: 1, values: [] },
    ]);
  });

  it('are in one row if they differ only in the name of their owner, or if another group has the same keys', () => {
    const users = 'users:\n  x:\n    # Name.\n    name: ""\n  y:\n    # Name.\n    name: ""\n';
    const stores = '# A store.\nstore:\n  # U.\n  url: "u"\n  # P.\n  port: 1\n';
    const kept = 'kept:\n  # Its store.\n  store:\n    # U.\n    url: "u"\n    # P.\n    port: 1\n  # D.\n  days: 7\n';
    const table = withValues('<!-- values --><!-- end -->', readValues(`${users}${stores}${kept}`));
    expect(table.match(/^\| `.*/gm)).toEqual([
      '| `users.{x,y}.name=` | Name. |',
      '| `store.url=u` | U. |',
      '| `store.port=1` | P. |',
      '| `kept.store.*` | Its store. Keys: [store](#store). |',
      '| `kept.days=7` | D. |',
    ]);
  });
});
