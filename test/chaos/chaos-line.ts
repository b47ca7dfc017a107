import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Runs chaos once; returns its last line. Its progress is on stderr, between Jest's. */
export async function chaosLine(...args: readonly string[]) {
  const program = join(import.meta.dirname, 'chaos.ts');
  // The child is in Jest's process group, so that it ends with Jest.
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(printed.trim().split('\n').at(-1) || '{}');
}
