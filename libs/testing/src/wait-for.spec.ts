import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('resolves with the first result that is not undefined, null or false', async () => {
    const answers = [undefined, null, false, 0];
    expect(await waitFor('a value', () => answers.shift(), { everyMs: 1 })).toBe(0);
  });

  it('evaluates a condition that throws again', async () => {
    let calls = 0;
    const condition = () => {
      calls += 1;
      expect(calls).toBe(3);
      return calls;
    };
    expect(await waitFor('a third call', condition, { everyMs: 1 })).toBe(3);
  });

  it('reports on a timeout what it waited for and the last state', async () => {
    const never = waitFor('two pages', () => undefined, { withinMs: 5, everyMs: 1, lastSeen: () => ['page-1'] });
    await expect(never).rejects.toThrow("waited 5 ms for two pages; last seen: [ 'page-1' ]");
  });

  it('reports on a timeout the last error of the condition', async () => {
    const never = waitFor('a page', () => Promise.reject(new Error('404')), { withinMs: 5, everyMs: 1 });
    await expect(never).rejects.toThrow('waited 5 ms for a page; last seen: 404');
  });
});
