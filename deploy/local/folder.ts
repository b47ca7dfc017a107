import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The root of the repository. */
export const root = resolve(import.meta.dirname, '../..');
/** The folder for data, logs and pids of everything that runs locally; not in git. */
export const localFolder = join(root, '.local');

/** The folder of one stack: `.local/<name>` with `logs/` and `run/`. */
export interface StackFolder {
  readonly name: string;
  readonly path: string;
  readonly logs: string;
  readonly run: string;
}

/**
 * Prepares the folder of a stack for a new run: deletes its logs, and its data unless `keepsData` is set.
 *
 * Data is kept only if its run came up: half a database would make every later start fail.
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

/** The folder for data, certificates and passwords of a secure run of the stack, apart from those of other runs. */
export const secureFolder = (folder: StackFolder): StackFolder => ({ ...folder, path: join(folder.path, 'secure') });

/** Marks the data in this folder as complete. */
export const markCameUp = (folder: StackFolder): void => writeFileSync(cameUpFile(folder), '');

const cameUpFile = (folder: StackFolder) => join(folder.path, 'came-up');

/** Returns the file that describes a running stack of `npm start`: in `.local` for the default one, else in its folder. */
export const stackFileOf = (name: string): string =>
  name === 'start' ? join(localFolder, 'stack.json') : join(localFolder, name, 'stack.json');

/** Returns the file with the addresses of a running stack for a shell, beside its `stack.json`. */
export const envFileOf = (stackFile: string): string => join(dirname(stackFile), 'stack.env');

export const folderOf = (name: string): StackFolder => {
  const path = join(localFolder, name);
  return { name, path, logs: join(path, 'logs'), run: join(path, 'run') };
};
