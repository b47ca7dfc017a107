import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackFolder } from '../folder.ts';

/** Returns the file with a secret key of this name; it outlives restarts, so that what was made with the key does too. */
export function secretKeysFile(folder: StackFolder, name: 'session-keys' | 'snapshot-keys'): string {
  const file = join(folder.path, 'keys', name);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return file;
}
