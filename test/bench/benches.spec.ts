import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { benches } from './benches.ts';

const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

describe('the benchmarks', () => {
  it('each have their own script', () => {
    const named = Object.entries(scripts).filter(([name]) => name.startsWith('bench:'));
    const expected = Object.keys(benches).map((name) => [
      `bench:${name}`,
      `exec node --import ./deploy/local/installed.js test/bench/bench.ts ${name}`,
    ]);
    expect(named.toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    'page-path/programs/pass-through.ts',
    'routing/programs/nest-transport.ts',
    'routing/programs/platformatic.ts',
  ])('measure a peer without our library, which patches kafkajs: %s', (program) => {
    const source = readFileSync(join(import.meta.dirname, program), 'utf8');
    const loaded = [...source.matchAll(/^import (?!type )[^;]*?'(.+)';$/gm)].map(([, from]) => from);
    expect(loaded).not.toEqual([]);
    expect(loaded.filter((from) => from?.startsWith('.') || from?.startsWith('@pagebridge'))).toEqual([]);
  });
});
