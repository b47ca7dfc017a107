import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack';
import { describeWith } from '../harness/describe-with.ts';
import { Journey } from '../harness/journey.ts';
import { requireProgram } from '../optional-programs.ts';

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

async function exposed(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const helps = text.matchAll(/^# HELP (pagebridge_\S+) (.*)$/gm);
  return [...helps].map(([, name, help]) => `${name} ${types.get(name)} ${help}`);
}

/** What a service without Kafka lacks of the metrics of every service, as its section says. */
const lacking: Readonly<Record<string, RegExp>> = {
  'console-gateway': /^/,
};

describe('docs/metrics.md', () => {
  it.each(Object.entries(services))(
    'names every metric of %s with its type and meaning, and no other',
    async (name, key) => {
      const shown = await exposed(journey.driver.info.management[key]);
      const shared = documented('Every service').filter((row) => !lacking[name]?.test(row));
      expect(shown.toSorted()).toEqual([...shared, ...documented(name)].toSorted());
    },
  );
});

describeWith('promtool')('promtool', () => {
  it.each(Object.entries(services))('has nothing to say about the metrics of %s', async (_name, key) => {
    const text = await (await fetch(`${journey.driver.info.management[key]}/metrics`)).text();
    // prom-client names its own metrics.
    const own = text.split('\n').filter((line) => /^(# \w+ )?pagebridge_/.test(line));
    expect(own.length).toBeGreaterThan(0);
    const input = `${own.join('\n')}\n`;
    const { stdout, stderr } = spawnSync(requireProgram('promtool'), ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
  });
});
