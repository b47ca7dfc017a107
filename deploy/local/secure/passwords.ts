import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackFolder } from '../folder.ts';

/** Returns the file of a user's password for the broker or the database; creates it on the first call. */
export function passwordFile(folder: StackFolder, server: 'kafka' | 'database', user: string): string {
  const file = join(folder.path, 'passwords', `${server}-${user}`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return file;
}

export const passwordIn = (file: string): string => readFileSync(file, 'utf8').trim();
