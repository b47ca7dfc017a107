import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository. */
export const root = resolve(import.meta.dirname, '../..');
/** Where everything that runs locally keeps its data, logs and pids; not in git. */
export const localFolder = join(root, '.local');

/** Where one stack keeps what is its own: `.local/<name>` with `logs/` and `run/`. */
export interface StackFolder {
  readonly name: string;
  readonly path: string;
  readonly logs: string;
  readonly run: string;
}

/**
 * Makes the folder of a stack for a new run: its logs go, and its data too unless it is kept.
 *
 * Only a run that came up leaves data that can be kept: half a database would fail every later start.
 */
export function freshFolder(name: string, { keepsData = false } = {}): StackFolder {
  const folder = folderOf(name);
  const goes = keepsData && existsSync(cameUpFile(folder)) ? ['logs'] : ['kafka', 'mariadb', 'logs', 'came-up'];
  for (const part of goes) {
    rmSync(join(folder.path, part), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  mkdirSync(folder.logs, { recursive: true });
  mkdirSync(folder.run, { recursive: true });
  return folder;
}

/** Says that the data in this folder is whole. */
export const markCameUp = (folder: StackFolder): void => writeFileSync(cameUpFile(folder), '');

const cameUpFile = (folder: StackFolder) => join(folder.path, 'came-up');

/** What a stack that `npm start` runs tells of itself, while it runs: the usual one in `.local`, another in its folder. */
export const stackFileOf = (name: string): string =>
  name === 'start' ? join(localFolder, 'stack.json') : join(localFolder, name, 'stack.json');

export const folderOf = (name: string): StackFolder => {
  const path = join(localFolder, name);
  return { name, path, logs: join(path, 'logs'), run: join(path, 'run') };
};
