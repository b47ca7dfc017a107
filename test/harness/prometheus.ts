import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answersOk, freePorts, type LocalProcess, type Stack } from '@pagebridge/local-stack';
import { type OptionalProgram, requireProgram } from '../optional-programs.ts';

const series = 'demo_is_broken';

/** A real Prometheus and a real Alertmanager, which watch a number of series and send a webhook for each that is broken. */
export class Prometheus {
  readonly #broken = new Set<number>();
  readonly #exporter: Server;
  readonly #count: number;
  #process: LocalProcess | undefined;

  constructor(count: number) {
    this.#count = count;
    this.#exporter = createServer((_request, response) => response.end(this.#metrics()));
  }

  /** Starts both beside a stack; the webhook goes to `url` with this token. */
  async start({ processes, folder }: Pick<Stack, 'processes' | 'folder'>, url: string, token: string): Promise<void> {
    this.#exporter.listen(0, '127.0.0.1');
    await once(this.#exporter, 'listening');
    const exporter = `127.0.0.1:${(this.#exporter.address() as AddressInfo).port}`;
    const [prometheus = 0, alertmanager = 0] = await freePorts(2);
    const home = join(folder.path, 'prometheus');
    const file = (name: string, content: object): string => {
      mkdirSync(home, { recursive: true });
      // YAML reads JSON.
      writeFileSync(join(home, name), JSON.stringify(content, null, 2));
      return join(home, name);
    };
    const receiver = {
      name: 'pagebridge',
      webhook_configs: [{ url, http_config: { authorization: { credentials: token } } }],
    };
    const times = { group_wait: '0s', group_interval: '1s', repeat_interval: '1h' };
    const ofAlertmanager = file('alertmanager.json', {
      route: { receiver: 'pagebridge', group_by: ['...'], ...times },
      receivers: [receiver],
    });
    const rule = {
      alert: 'DemoIsBroken',
      expr: `${series} == 1`,
      labels: { severity: 'critical' },
      annotations: { summary: 'Number {{ $labels.number }} is broken', description: '@oncall-core-infra' },
    };
    const rules = file('rules.json', { groups: [{ name: 'demo', interval: '1s', rules: [rule] }] });
    const ofPrometheus = file('prometheus.json', {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rules],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanager}`] }] }] },
      scrape_configs: [{ job_name: 'demo', static_configs: [{ targets: [exporter] }] }],
    });
    const start = (name: OptionalProgram, port: number, args: readonly string[]) =>
      processes.start({
        name,
        command: requireProgram(name),
        args,
        layer: 4,
        ready: () => answersOk(`http://127.0.0.1:${port}/-/ready`),
      });
    await start('alertmanager', alertmanager, [
      `--config.file=${ofAlertmanager}`,
      `--storage.path=${join(home, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${alertmanager}`,
      '--cluster.listen-address=',
    ]);
    this.#process = await start('prometheus', prometheus, [
      `--config.file=${ofPrometheus}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${prometheus}`,
      // An alert that is not renewed ends after four times this.
      '--rules.alert.resend-delay=1s',
    ]);
  }

  break(numbers: Iterable<number>): void {
    for (const number of numbers) this.#broken.add(number);
  }

  repair(): void {
    this.#broken.clear();
  }

  /** Lets Prometheus evaluate nothing until `wake`: its alerts end meanwhile, and keep their start. */
  sleep(): void {
    this.#process?.signal('SIGSTOP');
  }

  wake(): void {
    this.#process?.signal('SIGCONT');
  }

  stop(): void {
    this.wake();
    this.#exporter.closeAllConnections();
    this.#exporter.close();
  }

  #metrics(): string {
    const lines = Array.from({ length: this.#count }, (_, number) => {
      return `${series}{number="${number}"} ${Number(this.#broken.has(number))}\n`;
    });
    return `# TYPE ${series} gauge\n${lines.join('')}`;
  }
}
