import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { benches } from './benches.ts';
import type { Result } from './harness/result.ts';
import { documentPath, keptResults, withTables } from './performance.ts';

const document = readFileSync(documentPath, 'utf8');
const kept = keptResults();

describe('docs/performance.md', () => {
  it('contains the recorded results: `npm run performance` changes nothing', () => {
    expect(document).toBe(withTables(document, kept));
  });

  it('contains a result of every benchmark', () => {
    const shown = [...document.matchAll(/<!-- results:(\S+)/g)].map(([, name]) => name);
    expect(shown.toSorted()).toEqual([...kept.keys()].toSorted());
    const measured = new Set([...kept.values()].map(({ bench }) => bench));
    expect([...measured].toSorted()).toEqual(Object.keys(benches).toSorted());
  });

  it('is short enough to read', () => {
    const lines = document.trimEnd().split('\n');
    // The generated tables grow with the number of contenders and the length of their names, and do not count.
    const written = lines.filter((line) => !/^[|`]/.test(line));
    expect(written.length).toBeLessThanOrEqual(147);
    expect(written.filter((line) => line.length > 130)).toEqual([]);
  });
});

describe('the tables of a result', () => {
  const ratio = { figure: 'p99Ms', of: 'ours', to: 'theirs', median: 2.5, rounds: [2.5, 2, 3] };
  const result: Result = {
    bench: 'storm',
    command: 'npm run bench:storm',
    quick: false,
    rounds: 3,
    findings: { 'ours / theirs': { ...ratio, goal: { atLeast: 3 }, met: false } },
    figures: { ours: { p99Ms: 4.25, perSecond: 12345.6 }, theirs: { p99Ms: 1.7 } },
    leftOut: ['Alertmanager: apt-get it'],
    machine: {
      ...{ date: '2026-01-31T12:34:56.000Z', cpus: 2, cpu: 'a CPU', memoryGiB: 8, load: 0.5 },
      ...{ platform: 'linux x64', node: 'v24.0.0', kafkajs: '2.2.4' },
    },
  };
  const written = (mark: string) => withTables(`${mark}\nold\n<!-- end -->`, new Map([['storm', result]]));

  it('contain the command, the machine, and what was omitted', () => {
    expect(written('<!-- results:storm -->')).toContain('`npm run bench:storm`: 3 rounds, 2026-01-31 12:34 UTC');
    expect(written('<!-- results:storm -->')).toContain('Left out: Alertmanager: apt-get it.');
  });

  it('contain the findings with their figures, and whether the goal is met', () => {
    expect(written('<!-- results:storm -->')).toContain(
      '| ours / theirs | 4.25 / 1.7 p99Ms | **2.5** | 2 to 3 | >= 3 | no |',
    );
  });

  it('contain the requested figures of the contenders that have them', () => {
    expect(written('<!-- results:storm perSecond -->')).toContain(
      '| median of | perSecond |\n| --- | --- |\n| ours | 12,350 |\n<',
    );
  });

  it('do not change when they are written again', () => {
    const once = written('<!-- results:storm p99Ms -->');
    expect(withTables(once, new Map([['storm', result]]))).toBe(once);
  });

  it('are refused without a result', () => {
    expect(() => withTables('<!-- results:storm --><!-- end -->', new Map())).toThrow('no result named storm');
  });
});
