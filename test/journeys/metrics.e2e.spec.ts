import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { orgAlertTopicOf } from '@pagebridge/contracts';
import { allTopics, root } from '@pagebridge/local-stack';
import type { CallKind } from '@pagebridge/page-lifecycle';
import { deadLetterReasons } from '@pagebridge/vocabulary';
import { describeWith } from '../harness/describe-with.ts';
import { Journey } from '../harness/journey.ts';
import { requireProgram } from '../optional-programs.ts';
import { faults } from '../rules/faults.ts';
import { healthy, scraped } from '../rules/healthy.ts';
import { rules } from '../rules/promtool.ts';
import { selectorsIn } from '../rules/selectors.ts';

const journey = new Journey();
const services = {
  'connection-management': 'connectionManagement',
  'handle-sync': 'handleSync',
  'page-routing': 'pageRouting',
  'page-delivery': 'pageDelivery',
  'alert-intake': 'alertIntake',
  'page-history': 'pageHistory',
  'console-gateway': 'console',
} as const;

const document = readFileSync(join(root, 'docs/metrics.md'), 'utf8');

/** Returns the rows of the table under a heading, as `name type meaning`. */
function documented(heading: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.matchAll(/^\| `(pagebridge_\w+)` \| (\w+) \|.*\| (.+) \|$/gm);
  return [...rows].map(([, name, type, meaning]) => `${name} ${type} ${meaning}`);
}

const textOf = async (service: keyof typeof services): Promise<string> => {
  const response = await fetch(`${journey.driver.info.management[services[service]]}/metrics`);
  return response.text();
};

async function exposed(service: keyof typeof services): Promise<string[]> {
  const text = await textOf(service);
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const helps = text.matchAll(/^# HELP (pagebridge_\S+) (.*)$/gm);
  return [...helps].map(([, name, help]) => `${name} ${types.get(name)} ${help}`);
}

/** What a service without Kafka lacks of the metrics of every service, as its section says. */
const lacking: Readonly<Record<string, RegExp>> = {
  'console-gateway': /^/,
};

describe('docs/metrics.md', () => {
  it.each(scraped)('names every metric of %s with its type and meaning, and no other', async (name) => {
    const shown = await exposed(name);
    const shared = documented('Every service').filter((row) => !lacking[name]?.test(row));
    expect(shown.toSorted()).toEqual([...shared, ...documented(name)].toSorted());
  });
});

describe('the labels of the alert rules and of their tests', () => {
  const asked = selectorsIn(
    [
      ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
      ...scraped.flatMap((service) => Object.keys(healthy(service))),
      ...faults.flatMap(({ broken }) => Object.keys(broken?.[1] ?? {})),
    ].join('\n'),
  ).filter(({ metric }) => metric.startsWith('pagebridge_'));

  /** Those that Prometheus adds. */
  const ofTarget = new Set(['namespace', 'job', 'instance', 'pod', 'container']);
  /** Metrics without a series while all is well: their labels are in docs/metrics.md, and in unit tests of their service. */
  const onlyInFaults = new Set([
    'pagebridge_directory_complete_timestamp_seconds',
    'pagebridge_kafka_records_parked_total',
    'pagebridge_refused_connection',
    'pagebridge_waiting_since_timestamp_seconds',
  ]);
  /** Labels of which no rule asks for a value. */
  const open = new Set(['connection_id', 'data_center', 'directory', 'partition', 'revision', 'route', 'version']);
  /** Values that a healthy stack need not export, from where the services have them. */
  const inCode: Readonly<Record<string, readonly string[]>> = {
    topic: [...allTopics, orgAlertTopicOf('acme-us')],
    service: scraped,
    reason: deadLetterReasons,
    step: ['create', 'resolve'] satisfies CallKind[],
  };

  const exposed = new Map<string, Map<string, Set<string>>>();
  beforeAll(async () => {
    await fetch(`${journey.driver.info.services.connectionManagement}/v1/source-orgs`);
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await acme.pageIn(journey.globex, await acme.alert({ message: 'Disk full. @oncall-core-infra' }), 'core-infra');
    for (const { metric, labels } of (await Promise.all(scraped.map(textOf))).flatMap(selectorsIn)) {
      const values = exposed.get(metric) ?? new Map<string, Set<string>>();
      exposed.set(metric, values);
      for (const [label, [value = '']] of Object.entries(labels)) {
        values.set(label, (values.get(label) ?? new Set()).add(value));
      }
    }
  });

  /** The labels of a metric in docs/metrics.md. */
  const documentedLabels = (metric: string): ReadonlySet<string> => {
    const name = metric.replace(/_seconds_(sum|count)$/, '_seconds');
    const [, labels = ''] = new RegExp(`^\\| \`${name}\` \\| \\w+ \\|([^|]*)\\|`, 'm').exec(document) ?? [];
    return new Set(['service', ...[...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label)]);
  };

  it('are all in docs/metrics.md, those of other metrics too', () => {
    const wrong = [...exposed]
      .filter(([metric]) => metric.startsWith('pagebridge_') && !metric.endsWith('_bucket'))
      .flatMap(([metric, labels]) => [...labels.keys()].map((label) => ({ metric, label })))
      .filter(({ metric, label }) => !documentedLabels(metric).has(label));
    expect(wrong).toEqual([]);
  });

  it('are those that docs/metrics.md names and the services export', () => {
    const wrong = asked.flatMap(({ metric, labels }) =>
      Object.keys(labels)
        .filter((label) => !ofTarget.has(label))
        .filter(
          (label) =>
            !documentedLabels(metric).has(label) || !(exposed.get(metric)?.has(label) ?? onlyInFaults.has(metric)),
        )
        .map((label) => `${metric}{${label}}`),
    );
    expect([...new Set(wrong)].toSorted()).toEqual([]);
  });

  it('have values that the services export', () => {
    const wrong = asked.flatMap(({ metric, labels }) =>
      Object.entries(labels)
        .filter(([label]) => !ofTarget.has(label) && !open.has(label))
        .flatMap(([label, patterns]) => {
          const values = [...(exposed.get(metric)?.get(label) ?? []), ...(inCode[label] ?? [])];
          return patterns
            .filter((pattern) => !values.some((value) => new RegExp(`^(?:${pattern})$`).test(value)))
            .map((pattern) => `${metric}{${label}="${pattern}"}`);
        }),
    );
    expect([...new Set(wrong)].toSorted()).toEqual([]);
  });
});

describeWith('promtool')('promtool', () => {
  it.each(scraped)('has nothing to say about the metrics of %s', async (service) => {
    const text = await textOf(service);
    // prom-client names its own metrics.
    const own = text.split('\n').filter((line) => /^(# \w+ )?pagebridge_/.test(line));
    expect(own.length).toBeGreaterThan(0);
    const input = `${own.join('\n')}\n`;
    const { stdout, stderr } = spawnSync(requireProgram('promtool'), ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
  });
});
