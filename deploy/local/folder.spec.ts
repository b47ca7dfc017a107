import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderOf, freshFolder, markCameUp, secureFolder } from './folder.ts';

const folder = folderOf(`spec-folder-${process.pid}`);
const parts = ['kafka', 'mariadb', 'logs', 'keys'] as const;
const left = () => parts.filter((part) => existsSync(join(folder.path, part, 'left')));

beforeEach(() => {
  for (const part of parts) {
    mkdirSync(join(folder.path, part), { recursive: true });
    writeFileSync(join(folder.path, part, 'left'), '');
  }
});
afterEach(() => rmSync(folder.path, { recursive: true }));

describe('the folder of a stack', () => {
  it('keeps the data of a run that came up, if `keepsData` is set', () => {
    markCameUp(folder);
    freshFolder(folder.name, { keepsData: true });
    expect(left()).toEqual(['kafka', 'mariadb', 'keys']);
  });

  it('deletes the data of a run that never came up', () => {
    freshFolder(folder.name, { keepsData: true });
    expect(left()).toEqual(['keys']);
  });

  it('keeps only its keys by default, also at the following start', () => {
    markCameUp(folder);
    freshFolder(folder.name);
    expect(left()).toEqual(['keys']);
    mkdirSync(join(folder.path, 'kafka'), { recursive: true });
    freshFolder(folder.name, { keepsData: true });
    expect(existsSync(join(folder.path, 'kafka'))).toBe(false);
  });

  it('separates the data of runs with --secure: such a run deletes only its own', () => {
    markCameUp(folder);
    const { path } = secureFolder(folder);
    mkdirSync(path);
    freshFolder(folder.name, { isSecure: true });
    expect(existsSync(path)).toBe(false);
    expect(left()).toEqual(['kafka', 'mariadb', 'keys']);
    mkdirSync(path);
    markCameUp(secureFolder(folder));
    freshFolder(folder.name);
    freshFolder(folder.name, { keepsData: true, isSecure: true });
    expect(existsSync(path)).toBe(true);
  });
});
