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

describe("a stack's folder", () => {
  it('keeps the data of a run that came up, where that is asked for', () => {
    markCameUp(folder);
    freshFolder(folder.name, { keepsData: true });
    expect(left()).toEqual(['kafka', 'mariadb', 'keys']);
  });

  it('keeps no data of a run that never came up', () => {
    freshFolder(folder.name, { keepsData: true });
    expect(left()).toEqual(['keys']);
  });

  it('is empty but for its keys where nothing is asked for, also at the start after that', () => {
    markCameUp(folder);
    freshFolder(folder.name);
    expect(left()).toEqual(['keys']);
    mkdirSync(join(folder.path, 'kafka'), { recursive: true });
    freshFolder(folder.name, { keepsData: true });
    expect(existsSync(join(folder.path, 'kafka'))).toBe(false);
  });

  it('holds apart what is of runs with --secure: those forget theirs alone', () => {
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
