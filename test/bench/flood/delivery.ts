import type { LocalProcess } from '@pagebridge/local-stack';
import { cpuSeconds } from '../harness/cpu-time.ts';
import { mebibytesOf } from '../harness/memory.ts';
import type { PagePath } from '../page-path/page-path.ts';

/** A page-delivery that can be killed and started again. */
export class Delivery {
  readonly #path: PagePath;
  readonly #env: Readonly<Record<string, string>>;
  #process: LocalProcess | undefined;

  constructor(path: PagePath, env: Readonly<Record<string, string>>) {
    this.#path = path;
    this.#env = env;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.#process = await this.#path.start('page-delivery', 'page-delivery', this.#env);
  }

  crash = (): Promise<string> => this.#running.crash();

  mebibytes = (when?: 'now' | 'height'): number => mebibytesOf(this.#running.pid, when);

  cpuSeconds = (): number => cpuSeconds([this.#running.pid]) ?? Number.NaN;

  /** Returns the number of pages that wait: that of its gauge, or of the pages in lanes, which older versions count. */
  async waiting(): Promise<number> {
    const metrics = await this.#metrics();
    return sumOf(metrics, 'pagebridge_waiting_pages') ?? sumOf(metrics, 'pagebridge_lane_jobs') ?? 0;
  }

  /** Returns whether it refuses the pages of the largest org beyond a number of waiting pages, instead of pausing. */
  async boundsPages(): Promise<boolean> {
    return sumOf(await this.#metrics(), 'pagebridge_waiting_pages') !== undefined;
  }

  /** Returns the paused partitions; undefined for a version that never pauses any. */
  async pausedPartitions(): Promise<number | undefined> {
    return sumOf(await this.#metrics(), 'pagebridge_intake_paused_partitions');
  }

  get #running(): LocalProcess {
    if (!this.#process) throw new Error('page-delivery was not started');
    return this.#process;
  }

  async #metrics(): Promise<string> {
    const { spec, end } = this.#running;
    if (end !== undefined) throw new Error(this.#running.endReport());
    return (await fetch(`http://127.0.0.1:${spec.env?.MANAGEMENT_PORT}/metrics`)).text();
  }
}

/** Returns the sum of a metric over its labels; undefined if there is none. */
function sumOf(metrics: string, name: string): number | undefined {
  const samples = [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
  return samples.length === 0 ? undefined : samples.reduce((sum, [, value]) => sum + Number(value), 0);
}
