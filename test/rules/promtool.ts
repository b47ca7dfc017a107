import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '@pagebridge/local-stack/base';
import { stringify } from 'yaml';
import { renderChart, valuesFiles } from '../chart/render.ts';
import { requireProgram } from '../optional-programs.ts';
import { type InputSeries, minutes } from './installation.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

/** The alert and its labels, as in `{ alertname: 'PagebridgeChangesStay', severity: 'warning' }`. */
export type Firing = Readonly<Record<string, string>>;

export interface RuleCase {
  readonly title: string;
  readonly series: readonly InputSeries[];
  /** All alerts that fire, for however short a time, from the minute `since` to the end. */
  readonly firing: readonly Firing[];
  readonly since: number;
}

/** The rules as Prometheus gets them: what the chart renders for production. */
export const rules = renderChart(...valuesFiles.filter((file) => file.endsWith('production-values.yaml'))).find(
  ({ kind }) => kind === 'PrometheusRule',
)?.spec as Rules;

/** Runs all rules over the series of each case with `promtool test rules`; returns what it says of the cases that fail, by title. */
export function complaintsOf(cases: readonly RuleCase[]): ReadonlyMap<string, string> {
  mkdirSync(localFolder, { recursive: true });
  const folder = mkdtempSync(join(localFolder, 'rules-'));
  try {
    const file = join(folder, 'cases.yaml');
    writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
    const tests = { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests: cases.map(testOf) };
    writeFileSync(file, stringify(tests, { lineWidth: 0 }));
    const { status, stdout, stderr } = spawnSync(requireProgram('promtool'), ['test', 'rules', file], {
      encoding: 'utf8',
    });
    const complaints = [...`${stdout}${stderr}`.matchAll(/^ {4}expr: ".*# (.*)", time.*\n(?: {8}.*\n)*/gm)];
    if (status !== 0 && complaints.length === 0) throw new Error(`${stdout}${stderr}`);
    return new Map(complaints.map(([complaint, title = '']) => [title, complaint]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const testOf = ({ title, series, firing, since }: RuleCase) => ({
  interval: '1m',
  input_series: series,
  promql_expr_test: [
    {
      // promtool names the expression that fails, with its comment.
      expr: `last_over_time(ALERTS{alertstate="firing"}[${minutes - since}m]) # ${title}`,
      eval_time: `${minutes}m`,
      exp_samples: firing.map((labels) => ({ labels: sampleOf(labels), value: 1 })),
    },
  ],
});

const sampleOf = (labels: Firing): string =>
  `ALERTS{alertstate="firing", ${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
