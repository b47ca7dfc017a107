import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
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

  it('lists its programs', () => {
    const { status, stdout } = run();
    expect({ status, help: run('--help').stdout }).toEqual({ status: 0, help: stdout });
    for (const name of Object.keys(programs)) expect(stdout).toContain(`\n  ${name} `);
  });

  it('has no program whose help mentions commands of a checkout without saying so', () => {
    const exclude = ['**/*.{spec,fixtures}.ts', 'libs/testing/**'];
    const mentions = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root, exclude }).flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line) && /npm run|node \S*dist\//.test(line))
        .filter((line) => !/in a checkout: (npm run|node) /.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(mentions).toEqual([]);
  });

  it.each(['page-router', 'toString', ''])('refuses %j, and lists the programs', (name) => {
    const { status, stdout, stderr } = run(name);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`there is no command ${JSON.stringify(name)}; the commands are: connection-management, `);
  });
});
