import { describe, expect, it } from '@jest/globals';
import type { Result } from '../harness/result.ts';
import { tablesOf, withTables } from './tables.ts';

const result: Result = {
  bench: 'storm',
  command: 'npm run bench:storm',
  quick: false,
  rounds: 3,
  findings: { 'ours / theirs': { median: 2.5, rounds: [2.5, 2, 3], goal: { atLeast: 3 }, met: false } },
  figures: { ours: { perSecond: 12345.6, p99Ms: 4.25 }, theirs: { perSecond: 5000 } },
  leftOut: ['Alertmanager: apt-get it'],
  machine: {
    ...{ date: '2026-01-31T12:34:56.000Z', cpus: 2, cpu: 'a CPU', memoryGiB: 8, load: 0.5 },
    ...{ platform: 'linux x64', node: 'v24.0.0', kafkajs: '2.2.4' },
  },
};

describe('the tables of a result', () => {
  it('say how it came about', () => {
    expect(tablesOf(result)).toContain('`npm run bench:storm`, 3 rounds, 2026-01-31 12:34 UTC; 2 CPUs (a CPU), 8 GiB');
    expect(tablesOf(result)).toContain('load average 0.5');
  });

  it('say what was found and whether it is what was wished for', () => {
    expect(tablesOf(result)).toContain('| ours / theirs | **2.5** | 2.5, 2, 3 | >= 3 | no |');
  });

  it('show each figure, and leave empty what a contender does not have', () => {
    expect(tablesOf(result)).toContain('| ours | 12,350 | 4.25 |');
    expect(tablesOf(result)).toContain('| theirs | 5,000 |  |');
  });

  it('name what was left out', () => {
    expect(tablesOf(result)).toContain('Left out: Alertmanager: apt-get it.');
  });
});

describe('a document', () => {
  it('gets the tables between its marks, however often', () => {
    const document = 'Before.\n<!-- results:storm -->\nold\n<!-- end -->\nAfter.';
    const once = withTables(document, new Map([['storm', result]]));
    expect(once).toBe(`Before.\n<!-- results:storm -->\n\n${tablesOf(result)}\n\n<!-- end -->\nAfter.`);
    expect(withTables(once, new Map([['storm', result]]))).toBe(once);
  });

  it('cannot show what nobody measured', () => {
    expect(() => withTables('<!-- results:storm --><!-- end -->', new Map())).toThrow('no result named storm');
  });
});
