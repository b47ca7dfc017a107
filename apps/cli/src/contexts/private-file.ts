import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '@pagebridge/programs';

/** Returns the text of a file; undefined if there is none. Throws UsageError if it is larger, or cannot be read. */
export function readWithin(mostBytes: number, path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).size > mostBytes) throw new UsageError(`${path} is larger than ${mostBytes} bytes`);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw error instanceof UsageError ? error : new UsageError(`${path} cannot be read: ${message}`);
  }
}

/** Replaces a file that only its owner may read; a crash leaves the former one. */
export function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}`;
  // Left by a killed process of the same id, and maybe readable by others.
  rmSync(part, { force: true });
  writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
  renameSync(part, path);
}
