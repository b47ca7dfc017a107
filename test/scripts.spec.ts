import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/* Scripts run in a shell, as npm runs them. Each of these runs ends before it builds or starts anything. */
const root = join(import.meta.dirname, '..');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
// Nx and Biome parse the options of these.
const programs = Object.keys(scripts).filter((script) => !['build', 'fix'].includes(script) && !script.includes(':'));

async function shell(line: string, env: Readonly<Record<string, string>> = {}, cwd = root) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const variables = { PATH, NODE_COMPILE_CACHE: join(root, '.local/compile-cache'), PAGEBRIDGE_BUILT: 'yes', ...env };
  const child = spawn('/bin/sh', ['-c', line], { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, stdout, stderr };
}

/** Runs every program with these arguments, as many at once as there are CPUs. */
async function runAll(args: string) {
  const ends: [script: string, end: Awaited<ReturnType<typeof shell>>][] = [];
  const left = [...programs];
  const work = async () => {
    for (let script = left.shift(); script; script = left.shift()) {
      ends.push([script, await shell(`${scripts[script]} ${args}`, { npm_lifecycle_event: script })]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return ends;
}

describe('without packages or a build', () => {
  let empty: string;
  beforeAll(() => {
    empty = mkdtempSync(join(tmpdir(), 'pagebridge-scripts-'));
    cpSync(join(root, 'deploy/local/installed.js'), join(empty, 'deploy/local/installed.js'));
  });
  afterAll(() => rmSync(empty, { recursive: true }));

  it('every script asks for npm ci', async () => {
    const guarded = /^(exec )?node (--import )?\.\/deploy\/local\/installed\.js /;
    expect(Object.entries(scripts).filter(([, line]) => !guarded.test(line))).toEqual([]);
    const stderr = 'error: packages are not installed, including Node 24\nhint: run npm ci\n';
    for (const script of ['build', 'start', 'fuzz']) {
      expect(await shell(String(scripts[script]), {}, empty)).toEqual({ status: 1, stdout: '', stderr });
    }
  });

  it('the command line asks for npm run build', async () => {
    cpSync(join(root, 'package.json'), join(empty, 'node_modules/.bin/nx'));
    const stderr = 'error: apps/cli/dist/main.js is not built\nhint: run npm run build\n';
    expect(await shell(String(scripts.pagebridge), {}, empty)).toEqual({ status: 1, stdout: '', stderr });
  });
});

describe('every program', () => {
  it('prints a help that begins with its name, and has no option that npm would drop silently', async () => {
    const dropped = /--(also|cert|dev|key|only|optional|production|shrinkwrap)\b/;
    for (const [script, { status, stdout }] of await runAll('--help')) {
      expect({ script, status }).toEqual({ script, status: 0 });
      expect(stdout).toMatch(new RegExp(`^(Usage: )?(npm (run )?(-s )?)?${script}\\b`));
      expect(stdout).not.toMatch(dropped);
    }
  });

  it('rejects an unknown option with exit code 2, and names the command that lists the options', async () => {
    for (const [script, end] of await runAll('--frenzy')) {
      const command = /^(start|test)$/.test(script) ? `npm ${script}` : `npm run ${script}`;
      const stderr = expect.stringContaining(
        `error: unknown option '--frenzy'\nhint: list the options with ${command} -- --help\n`,
      );
      expect({ script, ...end }).toEqual({ script, status: 2, stdout: '', stderr });
    }
  });

  it('rejects an option that npm has taken, and prints the correct command', async () => {
    const end = await shell('npm start --secure', process.env as Record<string, string>);
    expect(end).toMatchObject({ status: 2, stderr: expect.stringContaining('npm start -- --secure\n') });
  });
});

it.each([
  'libs/service/dist/programs/health.js',
  'libs/sealed-credentials/dist/programs/sealing-keys.js',
  'apps/connection-management/dist/migrate.js',
  'apps/connection-management/dist/republish.js',
])('a program of the image rejects an unknown option: %s', async (program) => {
  const stderr = "error: unknown option '--frenzy'\nhint: list the options with --help\n";
  expect(await shell(`node ${program} --frenzy`)).toMatchObject({ status: 2, stderr });
  expect(await shell(`node ${program} --help`)).toMatchObject({ status: 0, stderr: '' });
});
