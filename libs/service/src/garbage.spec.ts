import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { growthFor } from './garbage.ts';

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
  it.each([
    [20, 1000],
    [100, 200],
    [300, 70],
    [400, 50],
    [2000, 50],
  ])('lets a heap of %i MiB grow by %i %%', (mebibytes, percent) => {
    expect(growthFor(mebibytes * 1024 * 1024)).toBe(percent);
  });
});
