import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { answersOk, freePorts, type Stack, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { namespace } from '../chart/render.ts';
import { requireProgram } from '../optional-programs.ts';
import { accelerate } from '../rules/accelerate.ts';
import { rules } from '../rules/promtool.ts';

const services = {
  connectionManagement: 'connection-management',
  handleSync: 'handle-sync',
  pageRouting: 'page-routing',
  pageDelivery: 'page-delivery',
  alertIntake: 'alert-intake',
  pageHistory: 'page-history',
  console: 'console-gateway',
} as const satisfies Record<keyof StackInfo['management'], string>;

const patience = { withinMs: 100_000, everyMs: 500 };

/** One time for which an alert fired. */
export interface Firing {
  /** Its name without `Pagebridge`, and the labels that tell it from others of this name. */
  readonly alert: string;
  /** Whether it still fires. */
  readonly isOn: boolean;
}

/** A real Prometheus that scrapes a stack each second, with the rules of the chart, whose times are divided by a factor. */
export class RuleWatch {
  readonly #factor: number;
  readonly #names: readonly string[] | undefined;
  #url = '';
  #startedAt = 0;

  /** `names` without `Pagebridge`, if not all rules are to be watched. */
  constructor(factor: number, names?: readonly string[]) {
    this.#factor = factor;
    this.#names = names;
  }

  async start(
    { processes, folder }: Pick<Stack, 'processes' | 'folder'>,
    { management }: Pick<StackInfo, 'management'>,
  ) {
    const home = join(folder.path, 'rule-watch');
    // Prometheus would go on with the alerts of an earlier run.
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    const file = (name: string, content: object): string => {
      // YAML reads JSON.
      writeFileSync(join(home, name), JSON.stringify(content, null, 2));
      return join(home, name);
    };
    const groups = rules.groups.map((group) => ({
      name: group.name,
      rules: group.rules
        .filter(({ alert }) => this.#isWatched(alert.replace('Pagebridge', '')))
        .map((rule) => accelerate(rule, this.#factor)),
    }));
    const targets = Object.entries(services).map(([key, service]) => ({
      targets: [new URL(management[key as keyof typeof services]).host],
      labels: { namespace, pod: `${service}-0`, container: service },
    }));
    const config = file('prometheus.json', {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [file('rules.json', { groups })],
      scrape_configs: [{ job_name: `${namespace}/pagebridge`, static_configs: targets }],
    });
    const [port = 0] = await freePorts(1);
    this.#url = `http://127.0.0.1:${port}`;
    await processes.start({
      name: 'rule-watch',
      command: requireProgram('prometheus'),
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(home, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      layer: 4,
      ready: () => answersOk(`${this.#url}/-/ready`),
    });
    this.#startedAt = Date.now() / 1000;
    await waitFor('a scrape of each service', async () => {
      const up = await this.#ask<{ result: unknown[] }>('query', { query: 'up == 1' });
      return up.result.length === targets.length;
    });
    // What the start of the stack caused.
    await waitFor('no firing alert', async () => (await this.firings()).every(({ isOn }) => !isOn), {
      ...patience,
      lastSeen: () => this.firings(),
    });
  }

  /** Waits until an alert fires. */
  async fires(...alerts: readonly string[]): Promise<void> {
    let firing: readonly string[] = [];
    await waitFor(
      `firing of ${alerts.join(', ')}`,
      async () => {
        firing = (await this.firings()).filter(({ isOn }) => isOn).map(({ alert }) => alert);
        return alerts.every((alert) => firing.includes(alert));
      },
      { ...patience, lastSeen: () => firing },
    );
  }

  /** Makes a fault, and ends it when all of `alerts` fire. Expects that each of them fires once, that no other does, and that they end. */
  async expectOnce(
    alerts: readonly string[],
    fault: { readonly begin: () => Promise<unknown>; readonly end: () => Promise<unknown> },
  ): Promise<void> {
    const before = (await this.firings()).length;
    try {
      await fault.begin();
      await this.fires(...alerts);
    } finally {
      await fault.end();
    }
    let firings: readonly Firing[] = [];
    await waitFor(
      'the end of all alerts',
      async () => {
        firings = (await this.firings()).slice(before);
        return firings.every(({ isOn }) => !isOn);
      },
      { ...patience, lastSeen: () => firings.filter(({ isOn }) => isOn) },
    );
    expect(firings.map(({ alert }) => alert).toSorted()).toEqual(alerts.toSorted());
  }

  /** Returns each time for which an alert fired since the start, the earliest first. */
  async firings(): Promise<readonly Firing[]> {
    const end = Date.now() / 1000;
    const { result } = await this.#ask<{ result: { metric: Record<string, string>; values: [number, string][] }[] }>(
      'query_range',
      { query: 'ALERTS{alertstate="firing"}', start: String(this.#startedAt), end: String(end), step: '1' },
    );
    const firings = result.flatMap(({ metric, values }) => {
      const begins = values.filter(([at], index) => at - (values[index - 1]?.[0] ?? 0) > 1.5);
      const isOn = end - (values.at(-1)?.[0] ?? 0) < 2.5;
      return begins.map(([at]) => ({ at, alert: nameOf(metric), isOn: isOn && at === begins.at(-1)?.[0] }));
    });
    return firings.toSorted((a, b) => a.at - b.at).map(({ alert, isOn }) => ({ alert, isOn }));
  }

  // The few alerts of a journey do not come often enough for NoAlerts.
  #isWatched(name: string): boolean {
    return this.#names?.includes(name) ?? name !== 'NoAlerts';
  }

  async #ask<Data>(path: string, query: Readonly<Record<string, string>>): Promise<Data> {
    const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(query)}`);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return ((await answer.json()) as { data: Data }).data;
  }
}

/** For example `PageWaits create 0199…`: the labels that all alerts have are left out. */
function nameOf({ alertname = '', ...labels }: Readonly<Record<string, string>>): string {
  const own = ['service', 'topic', 'connection_id', 'directory', 'kind', 'reason'].flatMap(
    (name) => labels[name] ?? [],
  );
  return [alertname.replace('Pagebridge', ''), labels.severity, ...own].join(' ');
}
