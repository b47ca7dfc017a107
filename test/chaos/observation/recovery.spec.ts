import { describe, expect, it } from '@jest/globals';
import { type Entry, emptyHistory } from '../audit/history.ts';
import { type Outage, recoveryOf } from './recovery.ts';

const at = <Data>(partition: number, timestamp: number): Entry<Data> => ({
  ...{ partition, offset: timestamp, timestamp, key: '', eventId: '', digest: '' },
  data: {} as Data,
});
const kill = (name: string, when: number, until?: number): Outage => ({
  ...{ kind: 'kill', name, at: when },
  ...(until === undefined ? {} : { until }),
});
const history = {
  ...emptyHistory,
  states: [at<never>(0, 900), at<never>(0, 1_100), at<never>(1, 4_000), at<never>(1, 9_000)],
  commands: [at<never>(0, 1_500)],
};

describe('recovery after a kill', () => {
  it('ends when the killed service has written to every partition again', () => {
    const delivery = recoveryOf([kill('page-delivery-1', 1_000)], history);
    expect(delivery).toMatchObject({ kills: 1, p50: 3_000, max: 3_000 });
    expect(recoveryOf([kill('page-routing-2', 1_000)], history)).toMatchObject({ max: 500 });
  });

  it('ends with readiness for a process outside the page path', () => {
    const kills = [kill('mariadb', 1_000, 3_500), kill('handle-sync-1', 2_000, 2_100), kill('handle-sync-1', 2_000)];
    const found = recoveryOf(kills, emptyHistory);
    expect(found).toEqual({ kills: 3, p50: 2_500, max: 2_500, slowest: 'mariadb', alone: 0, aloneMax: 0 });
  });

  it('is measured separately if nothing else of the page path was down or recovering', () => {
    const delivery = kill('page-delivery-1', 1_000, 2_000);
    expect(recoveryOf([delivery, kill('mariadb', 900, 1_500)], history)).toMatchObject({ alone: 1, aloneMax: 3_000 });
    const others: Outage[] = [
      kill('page-routing-1', 500, 700),
      { kind: 'pause', name: 'kafka-1', at: 3_000, until: 5_000 },
      kill('page-delivery-2', 3_999),
    ];
    for (const other of others) expect(recoveryOf([delivery, other], history)).toMatchObject({ alone: 0 });
  });
});
