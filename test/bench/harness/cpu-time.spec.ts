import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cpuSeconds } from './statistics.ts';

const isCounted = existsSync('/proc/self/stat');

describe('the CPU time of processes', () => {
  it('increases while they work', () => {
    const before = cpuSeconds([process.pid]) ?? 0;
    const used = process.cpuUsage();
    const usedMicros = () => {
      const { user, system } = process.cpuUsage(used);
      return user + system;
    };
    // A busy machine may give no CPU for long.
    while (usedMicros() < 60_000);

    if (isCounted) expect(cpuSeconds([process.pid])).toBeGreaterThan(before);
  });

  it('is unknown if one of them does not exist', () => {
    expect(cpuSeconds([process.pid, 2 ** 30])).toBeUndefined();
  });
});
