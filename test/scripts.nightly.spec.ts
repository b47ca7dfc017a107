import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs a script of package.json through npm, which puts this Node first on the path. */
function run(script: string, args: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = { cwd: root, encoding: 'utf8', env: { PATH, ...env } } as const;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `${scripts[script]} ${args}`], child);
  return { status, stdout, stderr };
}

// apps/dead-letters, apps/reseal and libs/topics test the help of their programs themselves, because those run from the build.
const programs = [
  'start',
  'stack',
  'demo',
  'alert',
  'token',
  'sbom',
  'image',
  'chaos',
  'fuzz',
  'bench',
  'performance',
  'generate:kustomize',
  'recording',
];

describe.each(programs)('npm run %s', (script) => {
  it('prints its help for --help, and starts nothing', () => {
    const { status, stdout, stderr } = run(script, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^npm (run )?(-s )?${script}\\b`));
  });

  it('refuses an unknown option, and names it', () => {
    const { status, stderr } = run(script, '--frenzy');
    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain("'--frenzy'");
  });
});

describe('npm run alert', () => {
  it('names the setting that holds invalid brokers', () => {
    expect(run('alert', 'text', { KAFKA_BROKERS: 'localhost' }).stderr).toContain('KAFKA_BROKERS must be host:port');
    expect(run('alert', '--brokers a,b text').stderr).toContain('--brokers must be host:port');
  });

  it('requires a text unless it is a recovery', () => {
    expect(run('alert', '--brokers a:1')).toMatchObject({ status: 2, stderr: expect.stringContaining('text') });
  });
});
