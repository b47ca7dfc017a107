import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Debian keeps mariadbd where an ordinary user's PATH does not look, Homebrew where nothing looks before `brew shellenv`.
const alsoLookedAt = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

/** The full path of a program, or undefined. */
export function pathOf(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...alsoLookedAt];
  return folders.map((folder) => join(folder || '.', program)).find(isExecutable);
}

/** `java` of JAVA_HOME, where set, else of PATH. */
export const javaPath = (): string | undefined => {
  const home = process.env.JAVA_HOME;
  const own = home ? join(home, 'bin', 'java') : undefined;
  return own && isExecutable(own) ? own : pathOf('java');
};

/** The major version that a `java` says it is, 0 where it says nothing. */
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
    // Absent or not ours to run: the search goes on.
    return false;
  }
}
