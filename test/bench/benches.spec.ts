import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the benchmarks', () => {
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
