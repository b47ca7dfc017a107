import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { benches } from '../benches.ts';
import { chartOf } from './chart.ts';
import { chartPath, documentPath, keptResults, written } from './write-document.ts';

const document = readFileSync(documentPath, 'utf8');
const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));

describe('docs/performance.md', () => {
  it('shows what was printed: `npm run performance` changes nothing', () => {
    const { document: anew, chart } = written();
    expect(document).toBe(anew);
    expect(readFileSync(chartPath, 'utf8')).toBe(chart);
  });

  it('names commands that there are', () => {
    const named = [...document.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => String(name));
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('says something of every benchmark', () => {
    expect(Object.keys(benches).filter((name) => !document.includes(`bench:${name}`))).toEqual([]);
  });

  it('shows every result that is kept', () => {
    const results = [...keptResults().keys()];
    expect(results.filter((name) => !document.includes(`<!-- results:${name} -->`))).toEqual([]);
  });
});

describe('a chart', () => {
  const curve = (...values: number[]) => ({ name: 'it', points: values.map((value, n) => [10 ** n, value] as const) });
  const heights = (svg: string) => [...svg.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  const chart = (...values: number[]) =>
    heights(chartOf([{ title: 'a', across: 'size', up: 'value', curves: [curve(...values)] }]));

  it('is level where size makes no difference', () => {
    expect(new Set(chart(30, 30, 30)).size).toBe(1);
  });

  it('rises evenly where cost is in proportion to size', () => {
    const [low = 0, middle = 0, high = 0] = chart(2, 20, 200);
    expect(low - middle).toBeCloseTo(middle - high, 0);
  });
});
