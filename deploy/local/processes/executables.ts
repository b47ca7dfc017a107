import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Debian keeps mariadbd outside an ordinary user's PATH, and Homebrew needs `brew shellenv`.
const extraFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

/** Returns the full path of a program in the PATH or one of the other folders, or undefined. */
export function pathOf(program: string, others: readonly string[] = extraFolders): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...others];
  return folders.map((folder) => join(folder || '.', program)).find(isExecutable);
}

/** Returns `java` of JAVA_HOME if set, else of PATH. */
export const javaPath = (): string | undefined => {
  const home = process.env.JAVA_HOME;
  const own = home ? join(home, 'bin', 'java') : undefined;
  return own && isExecutable(own) ? own : pathOf('java');
};

/** Returns the major version of a `java`, or 0 if it prints none. */
export function javaMajor(java: string): number {
  const { stderr, stdout } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(`${stderr}${stdout}`) ?? [];
  return Number(first === '1' ? second : first);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // The file is missing or not executable: the search continues.
    return false;
  }
}
