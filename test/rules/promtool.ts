import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '@pagebridge/local-stack/base';
import { stringify } from 'yaml';
import { namespace, renderChart, valuesFiles } from '../chart/render.ts';
import { requireProgram } from '../optional-programs.ts';
import { type Scenario, seriesOf } from './installation.ts';

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
}

interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** An alert with its labels, except `namespace`, and the minutes in which it fires: from the first one until it has ended, or for good. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly from: number;
  readonly until: number;
}

export interface RuleCase extends Scenario {
  readonly title: string;
  /** All alerts that fire, for however short a time, since the minute `since`. */
  readonly firing: readonly Firing[];
  readonly since?: number;
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
    const byTitle = Object.entries(Object.groupBy(complaints, ([, title = '']) => title));
    return new Map(byTitle.map(([title, of = []]) => [title, of.map(([complaint]) => complaint).join('')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every case lasts until the last alert that ends has ended, and some minutes longer; at least this long. */
const shortest = 40;

/** The first and the last minute in which each alert fires, and their number: so it neither flaps nor ends between. */
function testOf(ruleCase: RuleCase) {
  const { title, firing, since = 0 } = ruleCase;
  const minutes = Math.max(shortest, ...firing.map(({ until }) => until + 5).filter(Number.isFinite));
  const fired = 'ALERTS{alertstate="firing"}';
  const range = `${minutes - since}m`;
  const asked = (expr: string, minuteOf: (of: Firing) => number) => ({
    // promtool names the expression that fails, with its comment.
    expr: `${expr} # ${title}`,
    eval_time: `${minutes}m`,
    exp_samples: firing.map((of) => ({ labels: sampleOf(of), value: minuteOf(of) })),
  });
  return {
    interval: '1m',
    input_series: seriesOf(ruleCase, minutes),
    promql_expr_test: [
      asked(`min_over_time((timestamp(${fired}) / 60)[${range}:1m])`, ({ from }) => from),
      asked(`max_over_time((timestamp(${fired}) / 60)[${range}:1m])`, ({ until }) => Math.min(until - 1, minutes)),
      asked(`count_over_time(${fired}[${range}])`, ({ from, until }) => Math.min(until, minutes + 1) - from),
    ],
  };
}

const sampleOf = ({ labels }: Firing): string =>
  `{${Object.entries({ alertstate: 'firing', namespace, ...labels })
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
