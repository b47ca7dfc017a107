import { describe, expect, it } from '@jest/globals';
import { spanIn, spans } from './since.ts';

const sevenDaysMs = 7 * 24 * 60 * 60 * 1000;

describe('the time since which changes are listed', () => {
  it('is the last day unless a filter names another span', () => {
    expect(spanIn(undefined)).toBe('24h');
    expect(spanIn('toString')).toBe('24h');
    expect(Object.keys(spans).map((name) => spanIn(name))).toEqual(Object.keys(spans));
  });

  it('is within the seven days that handle-sync answers for, also some minutes later', () => {
    for (const { ms } of Object.values(spans)) expect(ms).toBeLessThan(sevenDaysMs - 60_000);
  });
});
