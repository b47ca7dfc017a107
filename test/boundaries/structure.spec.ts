import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const maxFiles = 14;
const maxLines = 250;
const isOther = /(^|\/)(node_modules|dist)(\/|$)|^test\/fixtures\/|\.(spec|fixtures?|d)\.ts$/;
const sources = globSync('{apps,libs,deploy,test}/**/*.{ts,tsx}', { cwd: root, exclude: (path) => isOther.test(path) });

describe('the source files', () => {
  it(`lie at most ${maxFiles} in one folder`, () => {
    const counts = Object.groupBy(sources, dirname);
    const crowded = Object.entries(counts).filter(([, files = []]) => files.length > maxFiles);
    expect(crowded.map(([folder, files = []]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  it(`have at most ${maxLines} lines each`, () => {
    const lines = (file: string) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
    expect(sources.filter((file) => lines(file) > maxLines)).toEqual([]);
  });
});
