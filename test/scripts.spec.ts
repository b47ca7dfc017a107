import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/*
 * Every script of package.json, as npm runs it: in a shell, with its variables. All end before they build or start anything.
 */
const root = join(import.meta.dirname, '..');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
const command = (script: string) => (/^(start|test)$/.test(script) ? `npm ${script}` : `npm run ${script}`);

// Programs of others, which refuse an option in their own words.
const foreign = ['build', 'boundaries', 'unused', 'fix'];
const ours = Object.keys(scripts).filter((script) => !foreign.includes(script));
/** Of scripts with the same program and other arguments, the first. */
const programs = [...new Map(ours.toReversed().map((script) => [programOf(script), script])).values()];

function programOf(script: string): string {
  const [program = script] = scripts[script]?.match(/[\w/-]+(?<!installed)\.[jt]s\b(?!.*&&)/) ?? [];
  return program;
}

interface End {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(script: string, args: string, env: Readonly<Record<string, string>> = {}, cwd = root): Promise<End> {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn('/bin/sh', ['-c', `${scripts[script]} ${args}`], {
    cwd,
    env: {
      PATH,
      NODE_COMPILE_CACHE: join(root, '.local/compile-cache'),
      PAGEBRIDGE_BUILT: 'yes',
      npm_lifecycle_event: script,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, stdout, stderr };
}

/** Runs all of these, as many at once as there are CPUs. */
async function endsOf(names: readonly string[], end: (script: string) => Promise<End>): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  const left = [...names];
  const work = async () => {
    for (let script = left.shift(); script !== undefined; script = left.shift()) ends.set(script, await end(script));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return ends;
}

describe('every script', () => {
  let empty: string;
  beforeAll(() => {
    empty = mkdtempSync(join(tmpdir(), 'pagebridge-scripts-'));
    cpSync(join(root, 'deploy/local/installed.js'), join(empty, 'deploy/local/installed.js'));
  });
  afterAll(() => rmSync(empty, { recursive: true }));

  it('asks for npm ci where the packages are not installed', async () => {
    const guarded = /^(exec )?node (--import )?\.\/deploy\/local\/installed\.js /;
    expect(Object.entries(scripts).filter(([, line]) => !guarded.test(line))).toEqual([]);
    const message = 'error: packages are not installed, including Node 24\nhint: run npm ci\n';
    const ends = await endsOf(['build', 'start', 'pagebridge', 'fuzz'], (script) => run(script, '', {}, empty));
    for (const end of ends.values()) expect(end).toEqual({ status: 1, stdout: '', stderr: message });
  });

  it('asks for npm run build where its program is not built', async () => {
    cpSync(join(root, 'package.json'), join(empty, 'node_modules/.bin/nx'));
    const stderr = 'error: apps/cli/dist/main.js is not built\nhint: run npm run build\n';
    expect(await run('pagebridge', '', {}, empty)).toEqual({ status: 1, stdout: '', stderr });
  });
});

describe('every program of ours', () => {
  const helps = new Map<string, string>();

  it('prints its help, which begins with its name', async () => {
    const ends = await endsOf(programs, (script) => run(script, '--help'));
    for (const [script, { status, stdout, stderr }] of ends) {
      expect({ script, status, stderr }).toEqual({
        script,
        status: 0,
        stderr: expect.stringMatching(/^(✓ building .*\n)?$/),
      });
      expect(stdout).toMatch(new RegExp(`^(Usage: )?(npm (run )?(-s )?)?${script}\\b`));
      helps.set(script, stdout);
    }
  });

  it('refuses an unknown option: names it and the command that lists the known ones', async () => {
    const ends = await endsOf(programs, (script) => run(script, '--frenzy'));
    for (const [script, { status, stdout, stderr }] of ends) {
      expect({ script, status, stdout, stderr }).toEqual({
        ...{ script, status: 2, stdout: '' },
        stderr: expect.stringContaining(
          `error: unknown option '--frenzy'\nhint: list the options with ${command(script)} -- --help\n`,
        ),
      });
    }
  });

  it('refuses each of its options that npm has taken, and prints the command with --', async () => {
    const withOptions = [...helps].flatMap(([script, help]): [string, string[]][] => {
      const options = [...help.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, option]) => String(option));
      const swallowed = [...new Set(options)].filter((option) => option !== 'help' && option !== 'yes');
      return swallowed.length > 0 ? [[script, swallowed]] : [];
    });
    const optionsOf = new Map(withOptions);
    const variables = (script: string) =>
      Object.fromEntries(
        optionsOf.get(script)?.map((name) => [`npm_config_${name.replaceAll('-', '_')}`, 'true']) ?? [],
      );
    const ends = await endsOf([...optionsOf.keys()], (script) => run(script, '', variables(script)));
    for (const [script, { status, stdout, stderr }] of ends) {
      expect({ script, status, stdout }).toEqual({ script, status: 2, stdout: '' });
      expect(stderr).toMatch(/^error: npm used .* as its own option$/m);
      expect(stderr).toContain(`${command(script)} -- --`);
      for (const option of optionsOf.get(script) ?? []) expect(stderr).toContain(` --${option}`);
    }
    expect(optionsOf.size).toBeGreaterThan(8);
  });

  it('has no option of which npm leaves no trace, because it is an old one of its own', () => {
    // For `--version` npm prints its own and runs no program; `pagebridge version` needs no option.
    const traceless = ['also', 'cert', 'dev', 'key', 'only', 'optional', 'production', 'shrinkwrap'];
    for (const help of helps.values()) expect(help).not.toMatch(new RegExp(`--(${traceless.join('|')})\\b`));
  });
});

it.each([
  'libs/service/dist/programs/health.js',
  'libs/sealed-credentials/dist/programs/sealing-keys.js',
  'apps/connection-management/dist/migrate.js',
  'apps/connection-management/dist/republish.js',
])('a program that only the image runs refuses an unknown option alike: %s', (program) => {
  const child = { cwd: root, encoding: 'utf8', env: {} } as const;
  const { status, stderr } = spawnSync(process.execPath, [program, '--frenzy'], child);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "error: unknown option '--frenzy'\nhint: list the options with --help\n",
  });
  expect(spawnSync(process.execPath, [program, '--help'], child)).toMatchObject({ status: 0, stderr: '' });
});

describe('npm', () => {
  it.each([
    ['start', '--secure', 'npm start -- --secure'],
    ['alert', '--transition recovered', 'npm run alert -- --transition …'],
  ])('run %s %s is refused', async (script, swallowed, right) => {
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const child = spawn('/bin/sh', ['-c', `npm run ${script} ${swallowed}`], {
      cwd: root,
      env: { ...process.env, PATH },
    });
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`${right}\n`) });
  });
});

describe('npm run alert', () => {
  it('names the setting that holds invalid brokers', async () => {
    const { stderr } = await run('alert', 'text', { KAFKA_BROKERS: 'localhost' });
    expect(stderr).toContain('KAFKA_BROKERS must be host:port');
    expect((await run('alert', '--brokers a,b text')).stderr).toContain('--brokers must be host:port');
  });

  it('requires a text unless it is a recovery', async () => {
    expect(await run('alert', '--brokers a:1')).toMatchObject({ status: 2, stderr: expect.stringContaining('text') });
  });
});
