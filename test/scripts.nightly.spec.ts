import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A script of package.json as npm runs it, which puts this Node first on the path. */
function run(script: string, args: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = { cwd: root, encoding: 'utf8', env: { PATH, ...env } } as const;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `${scripts[script]} ${args}`], child);
  return { status, stdout, stderr };
}

// What is run from its build tells its help there: apps/dead-letters, apps/reseal, libs/topics.
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
  it('says with --help what can be asked for, and starts nothing', () => {
    const { status, stdout, stderr } = run(script, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^npm (run )?(-s )?${script}\\b`));
  });

  it('refuses an option that there is not, and names it', () => {
    const { status, stderr } = run(script, '--frenzy');
    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain("'--frenzy'");
  });
});

describe('npm run alert', () => {
  it('names what holds brokers that cannot be meant', () => {
    expect(run('alert', 'text', { KAFKA_BROKERS: 'localhost' }).stderr).toContain('KAFKA_BROKERS must be host:port');
    expect(run('alert', '--brokers a,b text').stderr).toContain('--brokers must be host:port');
  });

  it('wants a text for what is no recovery', () => {
    expect(run('alert', '--brokers a:1')).toMatchObject({ status: 2, stderr: expect.stringContaining('text') });
  });
});
