import { type Progress, type ServiceName, Stack, serviceNames } from '@pagebridge/local-stack';
import { unlimited } from '@pagebridge/testing';
import { ServiceLogs } from '../../harness/service-logs.ts';
import type { Target } from '../target.ts';
import { closeClient } from './client.ts';
import { httpTargets } from './http-targets.ts';

/** A stack with the services whose routes are fed. */
export class FuzzedStack {
  #stack: Stack | undefined;
  #logs: ServiceLogs | undefined;

  constructor(private readonly progress: Progress) {}

  async start(): Promise<Target[]> {
    this.#stack = new Stack({
      name: 'fuzz',
      progress: this.progress,
      given: {},
      env: { 'connection-management': unlimited },
    });
    const info = await this.#stack.start();
    this.#logs = new ServiceLogs(this.#stack.folder.logs);
    return httpTargets(info);
  }

  /** Returns the ERROR lines in the logs, and the processes that ended. */
  complaints(): string[] {
    const ended = this.#stack ? serviceNames.flatMap((name) => this.#endOf(name)) : [];
    const lines = this.#logs?.text().split('\n') ?? [];
    const bad = lines.filter((line) => /"level":"(error|fatal)"|unhandled|^\s+at .*node:/i.test(line));
    return [...ended, ...bad.slice(0, 20).map((line) => line.slice(0, 1000))];
  }

  #endOf(name: ServiceName): string[] {
    const { end } = this.#stack?.service(name) ?? {};
    return end === undefined ? [] : [`${name} ended: ${end}`];
  }

  async stop(): Promise<void> {
    closeClient();
    await this.#stack?.stop();
  }

  kill(): void {
    this.#stack?.kill();
  }
}
