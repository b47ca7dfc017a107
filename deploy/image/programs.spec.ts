import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { programs } from './programs.js';

describe('the entry of the image', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'pagebridge.js'), ...args], { encoding: 'utf8' });

  it('names programs that are built from sources', () => {
    const sources = Object.values(programs).map(({ file }) => file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));
    expect(sources.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('lists what it can run', () => {
    const { status, stdout } = run();
    expect({ status, help: run('--help').stdout }).toEqual({ status: 0, help: stdout });
    for (const name of Object.keys(programs)) expect(stdout).toContain(`\n  ${name} `);
  });

  it.each(['page-router', 'toString', ''])('refuses %j, and names what there is', (name) => {
    const { status, stdout, stderr } = run(name);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`there is no command ${JSON.stringify(name)}; there are: connection-management, `);
  });
});
