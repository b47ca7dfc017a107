import { mkdirSync, rmSync } from 'node:fs';
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

/** Makes the folder of a stack; what an earlier run of the same name left in it (data, logs) goes. */
export function freshFolder(name: string, keep: readonly string[] = []): StackFolder {
  const folder = folderOf(name);
  for (const part of ['kafka', 'mariadb', 'logs']) {
    if (!keep.includes(part))
      rmSync(join(folder.path, part), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  mkdirSync(folder.logs, { recursive: true });
  mkdirSync(folder.run, { recursive: true });
  return folder;
}

export const folderOf = (name: string): StackFolder => {
  const path = join(localFolder, name);
  return { name, path, logs: join(path, 'logs'), run: join(path, 'run') };
};
