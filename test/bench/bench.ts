import { build, Progress, runProgram } from '@pagebridge/local-stack/base';
import { type BenchOptions, benchOptionsOf, helpText } from './harness/arguments.ts';
import type { BenchRun } from './harness/bench-run.ts';
import type { Bench } from './harness/testbed.ts';

/** A benchmark with its question for `--help`. It is loaded on demand, after the build of its imports. */
interface Entry {
  readonly question: string;
  readonly load: () => Promise<Bench>;
}

const benches: Readonly<Record<string, Entry>> = {
  console: {
    question: 'How soon does a slow phone show the console, and how soon does it answer a key?',
    load: async () => (await import('./console/console.bench.ts')).consoleBench,
  },
  'end-to-end': {
    question: 'How fast do alerts become pages, in a burst and at 300 a second, and how fast does Alertmanager?',
    load: async () => (await import('./end-to-end/end-to-end.bench.ts')).endToEnd,
  },
  flood: {
    question: 'Does anybody else notice 300,000 pages of one org that wait for a dead destination?',
    load: async () => (await import('./flood/flood.bench.ts')).flood,
  },
  history: {
    question:
      'How soon is an alert traced, from the topics alone and by page-history, and does that keep up with 300 alerts a second?',
    load: async () => (await import('./history/history.bench.ts')).history,
  },
  intake: {
    question: 'How many alerts does alert-intake take over HTTP, how soon, and beside a flood; and Alertmanager?',
    load: async () => (await import('./intake/intake.bench.ts')).intakeBench,
  },
  latency: {
    question: 'How long from alert to page command and to accepted page, at 100 to 3,000 a second?',
    load: async () => (await import('./latency/latency.bench.ts')).latency,
  },
  routing: {
    question: 'Does page-routing keep up with what merely passes records on: raw kafkajs, Nest, @platformatic/kafka?',
    load: async () => (await import('./routing/routing.bench.ts')).routing,
  },
  storm: {
    question:
      'Do dead destinations delay the healthy ones when 6,000 pages come in ten seconds, and what do polls take?',
    load: async () => (await import('./storm/storm.bench.ts')).storm,
  },
  sync: {
    question: 'What do 100 to 10,000 connections ask of handle-sync and of their destinations, who limit their calls?',
    load: async () => (await import('./sync/sync.bench.ts')).sync,
  },
};

/*
 * npm run bench -- <name> [--quick] [--rounds N] [--profile]: measures, and prints one line of JSON last on stdout.
 * Exit code 0 means that everything was measured, not that a goal was met.
 */
const progress = new Progress();
let play: BenchRun | undefined;

async function run(): Promise<number> {
  const options = benchOptionsOf(process.argv.slice(2), Object.keys(benches));
  if (options) await measure(options);
  else process.stdout.write(helpText(Object.entries(benches).map(([name, { question }]) => [name, question])));
  return 0;
}

async function measure(options: BenchOptions): Promise<void> {
  await progress.step('building changed packages', build);
  // The following imports need the build.
  const { BenchRun } = await import('./harness/bench-run.ts');
  const bench = await benches[options.bench]?.load();
  if (!bench) throw new Error(`no benchmark ${options.bench}`);
  play = new BenchRun(bench, options, progress);
  await play.run();
  await progress.step('stopping everything', stop);
}

const stop = async () => play?.stop();

await runProgram({ run, stop, kill: () => play?.kill() });
