import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('answers with the first value that is there', async () => {
    const answers = [undefined, null, false, 0];
    expect(await waitFor('a value', () => answers.shift(), { everyMs: 1 })).toBe(0);
  });

  it('takes a condition that throws for one that is not true yet', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      expect(looks).toBe(3);
      return looks;
    };
    expect(await waitFor('a third look', look, { everyMs: 1 })).toBe(3);
  });

  it('says what it waited for and what it last saw', async () => {
    const never = waitFor('two pages', () => undefined, { withinMs: 5, everyMs: 1, lastSeen: () => ['page-1'] });
    await expect(never).rejects.toThrow("waited 5 ms for two pages; last seen: [ 'page-1' ]");
  });

  it('shows the error that it last met', async () => {
    const never = waitFor('a page', () => Promise.reject(new Error('404')), { withinMs: 5, everyMs: 1 });
    await expect(never).rejects.toThrow('waited 5 ms for a page; last seen: 404');
  });
});
