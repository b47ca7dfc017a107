import { describe, expect, it } from '@jest/globals';
import { type Entry, emptyHistory } from './audit/history.ts';
import { recoveryOf } from './recovery.ts';

const at = <Data>(partition: number, timestamp: number): Entry<Data> => ({
  ...{ partition, offset: timestamp, timestamp, key: '', eventId: '', digest: '' },
  data: {} as Data,
});

describe('recovery after a kill', () => {
  it('is over when every partition was written to again by what was killed', () => {
    const history = {
      ...emptyHistory,
      states: [at<never>(0, 900), at<never>(0, 1_100), at<never>(1, 4_000), at<never>(1, 9_000)],
      commands: [at<never>(0, 1_500)],
    };
    expect(recoveryOf([{ name: 'page-delivery-1', at: 1_000 }], history)).toMatchObject({
      kills: 1,
      p50: 3_000,
      max: 3_000,
    });
    expect(recoveryOf([{ name: 'page-routing-2', at: 1_000 }], history)).toMatchObject({ max: 500 });
  });

  it('is readiness for what is not on the page path', () => {
    const kills = [
      { name: 'mariadb', at: 1_000, readyAt: 3_500 },
      { name: 'handle-sync-1', at: 2_000, readyAt: 2_100 },
      { name: 'handle-sync-1', at: 2_000 },
    ];
    expect(recoveryOf(kills, emptyHistory)).toEqual({ kills: 3, p50: 2_500, max: 2_500, slowest: 'mariadb' });
  });
});
