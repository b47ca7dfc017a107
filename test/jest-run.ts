import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';
import { type JestResults, type Tally, tallyOf } from './tally.ts';

/** What `npm test` runs; what wants more of a machine, and what is slow and rarely breaks, runs where it is asked for. */
export const kinds = ['unit', 'integration', 'journeys', 'chaos'] as const;
export type Kind = (typeof kinds)[number] | 'image' | 'nightly';

/** What a kind of tests stands on. */
export interface Ground {
  readonly env: Readonly<Record<string, string>>;
  /** How many spec files run at once. */
  readonly workers: number;
  /** Whatever else runs goes first. */
  readonly yields?: boolean;
}

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

const lingersForSeconds = 60;

// Each spec file loads all modules anew: with little room for what is young, a tenth of the time goes into collecting them.
const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];

/** For a session and what it will start. Linux, where it groups processes by session, shares out time between the groups. */
function letOthersGoFirst(pid: number): void {
  const lower = constants.priority.PRIORITY_BELOW_NORMAL;
  setPriority(pid, lower);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(lower));
  } catch {
    // No such groups here: the priority says it all.
  }
}

/** Runs one kind of tests and counts them. Its own process group, so that it is stopped in our order. */
export class JestRun {
  #child: ChildProcess | undefined;

  async run(kind: Kind, paths: readonly string[], { env, workers, yields = false }: Ground): Promise<Tally> {
    const outputFile = join(localFolder, `${kind}-results.json`);
    mkdirSync(localFolder, { recursive: true });
    rmSync(outputFile, { force: true });
    const atOnce = workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`];
    const args = [jest, ...paths, '--selectProjects', kind, '--json', `--outputFile=${outputFile}`, ...atOnce];
    this.#child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: nodeOptions.join(' '), ...env },
      detached: true,
      // Jest also prints the JSON: what people read comes on stderr.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (yields && this.#child.pid) letOthersGoFirst(this.#child.pid);
    const impatience = this.#endWhatLingers(outputFile);
    const [exitCode] = (await once(this.#child, 'exit')) as [number | null];
    clearInterval(impatience);
    this.#child = undefined;
    const results = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestResults) : undefined;
    return tallyOf(results, exitCode);
  }

  // A timer or a socket that a test left behind keeps Jest for ever, after all results are written. That is a failure.
  #endWhatLingers(outputFile: string): NodeJS.Timeout {
    let seconds = 0;
    return setInterval(() => {
      if (!existsSync(outputFile)) return;
      seconds += 1;
      if (seconds !== lingersForSeconds) return;
      process.stderr.write(
        'The tests are over, but something that they started is not: it is ended, and counted as failed.\n',
      );
      this.kill();
    }, 1000);
  }

  kill(): void {
    if (this.#child?.pid) process.kill(-this.#child.pid, 'SIGKILL');
  }
}
