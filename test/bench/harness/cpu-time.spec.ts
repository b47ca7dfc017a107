import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cpuSeconds } from './cpu-time.ts';

const isCounted = existsSync('/proc/self/stat');

describe('the CPU time of processes', () => {
  it('increases while they work', () => {
    const before = cpuSeconds([process.pid]) ?? 0;
    const until = performance.now() + 60;
    while (performance.now() < until);

    if (isCounted) expect(cpuSeconds([process.pid])).toBeGreaterThan(before);
  });

  it('is unknown if one of them does not exist', () => {
    expect(cpuSeconds([process.pid, 2 ** 30])).toBeUndefined();
  });
});
