import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Allocates many short-lived and some longer-lived objects, with pauses as in a service. Returns the young generation in MiB. */
const young = async (before: string): Promise<number> => {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setImmediate } from 'node:timers/promises';
    import * as garbage from '${join(import.meta.dirname, 'garbage.ts')}';
    ${before}
    const kept = [];
    for (let n = 0; n < 1_000_000; n += 1) {
      if (n % 1000 === 0) await setImmediate();
      kept[n % 200_000] = { n, text: String(n), list: [n] };
    }
    console.log(getHeapSpaceStatistics().find((it) => it.space_name === 'new_space').space_size / 1024 / 1024);`;
  // The young generation starts at its maximum under collectEarly, so that little garbage shows whether it grows further.
  const flags = ['--min-semi-space-size=16', '--disable-warning=ExperimentalWarning', '--input-type=module'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', script], { env: {} });
  return Number(stdout);
};

describe('collecting early', () => {
  it('keeps the young generation small', async () => {
    const [large, small] = await Promise.all([young(''), young('garbage.collectEarly();')]);
    expect(small).toBe(32);
    expect(large).toBeGreaterThan(small);
  });
});

describe('collecting early while the heap is large', () => {
  /** Keeps `megabytes` of objects, replaces them often, and returns the largest heap in MiB. */
  const largestHeap = async (before: string, megabytes: number): Promise<number> => {
    const script = `
      import { getHeapStatistics } from 'node:v8';
      import { setImmediate } from 'node:timers/promises';
      import * as garbage from '${join(import.meta.dirname, 'garbage.ts')}';
      ${before}
      const kept = [];
      const perMegabyte = 1000;
      let largest = 0;
      for (let n = 0; n < 3 * ${megabytes} * perMegabyte; n += 1) {
        if (n % 1000 === 0) {
          await setImmediate();
          largest = Math.max(largest, getHeapStatistics().used_heap_size);
        }
        kept[n % (${megabytes} * perMegabyte)] = Array.from({ length: 120 }, () => n);
      }
      console.log(largest / 1024 / 1024);`;
    const flags = ['--max-old-space-size=4096', '--disable-warning=ExperimentalWarning', '--input-type=module'];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', script], { env: {} });
    return Number(stdout);
  };

  it('bounds the garbage of a large heap, and leaves a small one to V8', async () => {
    const early = 'garbage.collectEarlyWhileLarge();';
    const largest = [largestHeap('', 300), largestHeap(early, 300), largestHeap('', 50), largestHeap(early, 50)];
    const [large = 0, largeEarly = 0, small = 0, smallEarly = 0] = await Promise.all(largest);
    expect(largeEarly).toBeLessThan(0.75 * large);
    expect(smallEarly).toBeGreaterThan(0.9 * small);
  });
});
