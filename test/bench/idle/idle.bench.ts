import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Driver, Stack, serviceNames } from '@pagebridge/local-stack';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';

// What the start leaves behind, compiled code and garbage, is no part of being idle.
const settleMs = { whole: 30_000, quick: 10_000 };
const watchMs = { whole: 60_000, quick: 20_000 };

/** All services with one connection and nothing to do: what each takes of a core. */
class IdleStack {
  readonly #ground: Ground;
  readonly #stack: Stack;

  static async on(ground: Ground): Promise<IdleStack> {
    const stack = new Stack({ name: 'idle', progress: ground.progress, given: {} });
    const idle = new IdleStack(ground, stack);
    const driver = new Driver(await stack.start());
    const { dataCenter, apiKey, applicationKey } = driver.destination('globex-eu');
    const { status } = await driver.addConnection('acme-idle', { name: 'globex', dataCenter, apiKey, applicationKey });
    if (status !== 201) throw new Error(`adding a connection answers ${status}`);
    await ground.progress.step('letting it settle', () => sleep(ground.quick ? settleMs.quick : settleMs.whole));
    return idle;
  }

  private constructor(ground: Ground, stack: Stack) {
    this.#ground = ground;
    this.#stack = stack;
  }

  contender(): Contender {
    return { name: 'idle stack', measure: () => this.#watch(), close: () => this.#stack.stop() };
  }

  async #watch(): Promise<Figures> {
    const processes = serviceNames.map((name) => ({ name, pid: this.#stack.service(name).pid }));
    const before = new Map(processes.map(({ name, pid }) => [name, ticksOf(pid)]));
    const startedAt = performance.now();
    await sleep(this.#ground.quick ? watchMs.quick : watchMs.whole);
    const seconds = (performance.now() - startedAt) / 1000;
    // A tick is a hundredth of a second, so that ticks a second are percent.
    const percent = ({ name, pid }: (typeof processes)[number]) => (ticksOf(pid) - (before.get(name) ?? 0)) / seconds;
    return Object.fromEntries(processes.map((process) => [process.name, percent(process)]));
  }
}

/** The time on a processor that a process and the kernel for it have had, by Linux. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return Number(userTicks) + Number(systemTicks);
}

export const idle: Bench = {
  rounds: 3,
  findings: serviceNames.map((name) => ({
    name: `${name}, percent of a core`,
    figure: name,
    of: 'idle stack',
    goal: { atMost: 1 },
  })),
  prepare: async (ground) => [(await IdleStack.on(ground)).contender()],
};
