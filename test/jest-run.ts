import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';
import { type JestResults, type Tally, tallyOf } from './tally.ts';

/** The kinds of `npm test`. Image tests need more of a machine and nightly tests are slow; both run only on request. */
export const kinds = ['unit', 'integration', 'journeys', 'chaos'] as const;
export type Kind = (typeof kinds)[number] | 'console' | 'image' | 'nightly';

/** The environment of one kind of tests. */
export interface TestEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** The number of spec files that run in parallel. */
  readonly workers: number;
}

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

const lingersForSeconds = 60;
// At low priority a test gets the time that others leave: on a busy machine that is very little.
const yieldingTestTimeoutMs = 30 * 60_000;

// Each spec file loads all modules again: with the default young generation a tenth of the time is garbage collection.
const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];

/** Lowers the priority of a process and its children. */
function lowerPriority(pid: number): void {
  const lower = constants.priority.PRIORITY_BELOW_NORMAL;
  setPriority(pid, lower);
  setGroupPriority(pid, lower);
}

/** Linux with autogroups shares CPU time between sessions, and between the processes of a session by their own priorities. */
function setGroupPriority(pid: number, priority: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // The kernel has no autogroups: the priorities of the processes stay as they are.
  }
}

/** Runs one kind of tests and counts the results. Jest has its own process group, so that we control when it ends. */
export class JestRun {
  #child: ChildProcess | undefined;

  /** With `yields`, runs at low priority. */
  async run(kind: Kind, chosen: readonly string[], { env, workers }: TestEnvironment, yields: boolean): Promise<Tally> {
    mkdirSync(localFolder, { recursive: true });
    // A test may run this runner too: each run has its own file.
    const folder = mkdtempSync(join(localFolder, 'results-'));
    const outputFile = join(folder, 'results.json');
    const atOnce = workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`];
    const patience = yields ? [`--testTimeout=${yieldingTestTimeoutMs}`] : [];
    const args = [
      jest,
      ...chosen,
      '--selectProjects',
      // They need nothing that runs, either.
      ...(kind === 'unit' ? ['unit', 'components'] : [kind]),
      '--json',
      `--outputFile=${outputFile}`,
      ...atOnce,
      ...patience,
    ];
    this.#child = spawn(process.execPath, args, {
      cwd: root,
      // Tests call nobody outside this machine: a proxy of the developer has no part in them.
      env: {
        ...process.env,
        NODE_USE_ENV_PROXY: undefined,
        HTTPS_PROXY: undefined,
        https_proxy: undefined,
        NODE_OPTIONS: nodeOptions.join(' '),
        ...env,
      },
      detached: true,
      // Jest also prints the JSON, so only stderr, with the output for people, is inherited.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (yields && this.#child.pid) lowerPriority(this.#child.pid);
    const impatience = this.#endWhatLingers(outputFile);
    const [exitCode] = (await once(this.#child, 'exit')) as [number | null];
    clearInterval(impatience);
    this.#child = undefined;
    const results = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestResults) : undefined;
    rmSync(folder, { recursive: true });
    return tallyOf(results, exitCode);
  }

  /** Ends the low priority of a run that yields: beside the programs of others it would hardly get on. */
  yieldNoMore(): void {
    if (this.#child?.pid) setGroupPriority(this.#child.pid, constants.priority.PRIORITY_NORMAL);
  }

  // A leaked timer or socket of a test keeps Jest running after all results are written. This counts as a failure.
  #endWhatLingers(outputFile: string): NodeJS.Timeout {
    let seconds = 0;
    return setInterval(() => {
      if (!existsSync(outputFile)) return;
      seconds += 1;
      if (seconds !== lingersForSeconds) return;
      process.stderr.write(
        'The tests are done, but a timer or socket of a test keeps Jest running: Jest is killed, and the run counts as failed.\n',
      );
      this.kill();
    }, 1000);
  }

  kill(): void {
    if (this.#child?.pid) process.kill(-this.#child.pid, 'SIGKILL');
  }
}
