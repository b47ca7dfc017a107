import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

/** Runs chaos once; returns its last line. Its progress is on stderr, between Jest's. */
async function chaos(...args: readonly string[]) {
  const program = join(import.meta.dirname, 'chaos.ts');
  // The child is in Jest's process group, so that it ends with Jest.
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(printed.trim().split('\n').at(-1) || '{}');
}

describe('chaos', () => {
  it('breaks no promise in a minute of faults and hostile input', async () => {
    // The service times of healthy alerts are in the line too, and fail `npm run chaos`. A busy machine must not fail this test.
    const line = await chaos('--seed', '5', '--minutes', '1', '--hostile');
    expect(line).toMatchObject({ lost: 0, duplicatesUntagged: 0, orderViolations: 0 });
    expect(line).toMatchObject({ unroutedWrongly: 0, hostileUnaccounted: 0 });
    expect(line.hostile).toBeGreaterThan(0);
  }, 600_000);
});
