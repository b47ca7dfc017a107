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

describe('bounding garbage', () => {
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

  it('keeps a large heap close to its live objects, and leaves a small one alone', async () => {
    const bound = 'garbage.boundGarbage();';
    const largest = [largestHeap('', 400), largestHeap(bound, 400), largestHeap('', 50), largestHeap(bound, 50)];
    const [large = 0, largeBound = 0, small = 0, smallBound = 0] = await Promise.all(largest);
    expect(largeBound).toBeLessThan(0.75 * large);
    expect(smallBound).toBeGreaterThan(0.75 * small);
  });
});
