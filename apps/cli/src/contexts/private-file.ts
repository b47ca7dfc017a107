import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { say, UsageError } from '@pagebridge/process';

const maxJsonBytes = 1024 * 1024;

/** Returns the text of a file, or of standard input for `-`; undefined if there is none. Throws UsageError if it is larger, or cannot be read. */
export function readWithin(maxBytes: number, path: string): string | undefined {
  try {
    const file = path === '-' ? 0 : openSync(path, 'r');
    const buffer = Buffer.alloc(maxBytes + 1);
    let size = 0;
    // A pipe does not know its size.
    for (let read = -1; read !== 0 && size <= maxBytes; size += read) {
      read = readWaiting(file, buffer, size);
    }
    if (file !== 0) closeSync(file);
    if (size > maxBytes) throw new UsageError(`${path} is larger than ${maxBytes} bytes`);
    return buffer.toString('utf8', 0, size);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw error instanceof UsageError ? error : new UsageError(`cannot read ${path}: ${message}`);
  }
}

/** Returns the content of a JSON file; undefined if there is none. Throws UsageError with the cure if it is no object; it is not quoted, since it may hold secrets. */
export function readJson(path: string, cure: string): object | undefined {
  const text = readWithin(maxJsonBytes, path);
  if (text === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is not valid JSON\nhint: ${cure}`);
}

const exposed = new Set<string>();

/** Says once if others may read a file that has a secret. */
export function warnIfExposed(path: string): void {
  const file = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (!file?.isFile() || !(file.mode & 0o004) || exposed.has(path)) return;
  exposed.add(path);
  say(`warning: other users of this machine can read the secret in ${path}\nhint: chmod 600 ${path}`);
}

/** Waits for what is not there yet where another program has made the pipe non-blocking. */
function readWaiting(file: number, buffer: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(file, buffer, from, buffer.length - from, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(waiting, 0, 0, 10);
    }
  }
}
const waiting = new Int32Array(new SharedArrayBuffer(4));

/** Replaces a file that only its owner may read; a crash leaves the former one. */
export function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}`;
  // Left by a killed process of the same id, and maybe readable by others.
  rmSync(part, { force: true });
  writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
  renameSync(part, path);
}
