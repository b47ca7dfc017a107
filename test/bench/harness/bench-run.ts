import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@pagebridge/local-stack';
import { root } from '@pagebridge/local-stack/base';
import { type BenchOptions, commandOf } from './arguments.ts';
import { type Conclusion, conclusionsOf, inTurns, type Measured, mediansOf } from './rounds.ts';
import { rounded } from './statistics.ts';
import type { Bench, Contender, Figures, Finding } from './testbed.ts';
import { Testbed } from './testbed.ts';

/** The machine of a result: figures mean nothing without it. */
interface Machine {
  readonly date: string;
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  /** The load average of the last minute, before the benchmark started anything. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly kafkajs: string;
}

const machineFacts = (): Machine => ({
  date: new Date().toISOString(),
  cpus: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  load: Number(loadavg()[0]?.toFixed(2)),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  kafkajs: versionOf('kafkajs'),
});

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

/** The last line of a benchmark. */
interface Result {
  readonly bench: string;
  readonly command: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly findings: Readonly<Record<string, Omit<Conclusion, 'name'>>>;
  readonly figures: Readonly<Record<string, Figures>>;
  readonly leftOut: readonly string[];
  readonly machine: Machine;
}

const besideOf = (contender: string) => `${contender}, beside`;

/** One run of one benchmark. */
export class BenchRun {
  readonly #bench: Bench;
  readonly #options: BenchOptions;
  readonly #progress: Progress;
  readonly #testbed: Testbed;
  readonly #machine = machineFacts();

  constructor(bench: Bench, options: BenchOptions, progress: Progress) {
    this.#bench = bench;
    this.#options = options;
    this.#progress = progress;
    const { quick, long, secure, profile, pages, rounds = quick ? 1 : bench.rounds } = options;
    this.#testbed = new Testbed(options.bench, progress, { quick, long, secure, profile, pages, rounds });
  }

  /** Runs the benchmark and prints the JSON line. */
  async run(): Promise<void> {
    const all = await this.#contenders();
    const contenders = all.filter(({ name }) => name.includes(this.#options.contenders));
    if (contenders.length === 0)
      throw new Error(`--contenders matches none of ${all.map(({ name }) => name).join('; ')}`);
    for (const { open } of contenders) await open?.();
    const measured = await inTurns(contenders, this.#testbed.rounds, (title, measure) => this.#step(title, measure));
    for (const { close } of all) await close?.();
    process.stdout.write(`${JSON.stringify(this.#line(measured))}\n`);
    if (this.#testbed.profiles) this.#progress.say(`profiles are in ${this.#testbed.profiles}`);
  }

  stop = (): Promise<void> => this.#testbed.stop();
  kill = (): void => this.#testbed.kill();

  async #contenders(): Promise<readonly Contender[]> {
    const own = await this.#bench.prepare(this.#testbed);
    const { beside } = this.#options;
    if (beside === undefined) return own;
    const others = await this.#bench.prepare(this.#testbed.branch('beside', { checkout: beside }));
    return own.flatMap((contender, n) => [
      contender,
      ...others.slice(n, n + 1).map((other) => ({ ...other, name: besideOf(other.name) })),
    ]);
  }

  /** Returns the ratio of each figure to that of the checkout of `--beside`. */
  #besides(measured: Measured): Finding[] {
    return Object.entries(mediansOf(measured)).flatMap(([of, figures]) =>
      Object.keys(figures).map((figure) => {
        const to = besideOf(of);
        return { name: `${figure}, ${of} / ${to}`, figure, of, to };
      }),
    );
  }

  async #step(title: string, measure: () => Promise<Figures>): Promise<Figures> {
    const figures = await this.#progress.step(title, measure);
    const said = Object.entries(figures).map(([name, value]) => `${name} ${rounded(value)}`);
    this.#progress.say(`    ${said.join(', ')}`);
    return figures;
  }

  #line(measured: Measured): Result {
    const { bench, quick } = this.#options;
    const conclusions = conclusionsOf([...this.#bench.findings, ...this.#besides(measured)], measured);
    for (const { name, median, goal, met } of conclusions) {
      const verdict = met === undefined ? '' : met ? ', goal met' : ', goal NOT met';
      this.#progress.say(`${name}: ${median}${goal ? ` (${JSON.stringify(goal)}${verdict})` : ''}`);
    }
    return {
      bench,
      command: commandOf(this.#options),
      quick,
      rounds: this.#testbed.rounds,
      findings: Object.fromEntries(conclusions.map(({ name, ...rest }) => [name, rest])),
      figures: mediansOf(measured),
      leftOut: this.#testbed.leftOut,
      machine: this.#machine,
    };
  }
}
