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
export function freshFolder(name: string, { keepsData = false, isSecure = false } = {}): StackFolder {
  const folder = folderOf(name);
  const data = isSecure
    ? [secureFolder(folder).path]
    : ['kafka', 'mariadb', 'came-up'].map((part) => join(folder.path, part));
  const isKept = keepsData && existsSync(cameUpFile(isSecure ? secureFolder(folder) : folder));
  for (const path of [folder.logs, ...(isKept ? [] : data)]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  mkdirSync(folder.logs, { recursive: true });
  mkdirSync(folder.run, { recursive: true });
  return folder;
}

/** Where a stack keeps its data, certificates and passwords when it runs securely, apart from what it holds when it does not. */
export const secureFolder = (folder: StackFolder): StackFolder => ({ ...folder, path: join(folder.path, 'secure') });

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
