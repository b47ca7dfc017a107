import { describe, expect, it } from '@jest/globals';
import type { Taken } from '@pagebridge/kafka';
import { Standing } from './standing.ts';
import { topicsToRead } from './topics.ts';

const topic = 'paging.alerts.v1';
const minute = Date.UTC(2026, 0, 1);
const place = (partition: number, offset: number) => ({
  ...{ topic, partition, offset, keptSince: null, leftOut: 0, leftOutAt: null },
});
const progress = (partition: number, end: number, readToEndAt?: number) => ({
  ...{ topic, partition, offset: end, end, readToEndAt },
});

describe('the standing', () => {
  it('knows of each partition that is behind until when it is stored, and of the others together', () => {
    const standing = new Standing({ positions: [place(0, 5), place(1, 5)], asOf: new Date(minute), lag: [] });
    const { asOf, lag } = standing.summary([progress(0, 5, minute + 60_000), progress(1, 8, minute + 60_000)]);
    expect(asOf).toEqual(new Date(minute + 60_000));
    expect(lag).toEqual([{ topic, partition: 1, records: 3, until: minute }]);
  });

  it('goes on from where a former reader was, and believes nothing of a topic that could not be read', () => {
    const positions = [place(0, 5), { ...place(0, 5), topic: 'own' }];
    const lag = [
      { topic, partition: 0, records: 4, until: minute - 5000 },
      { topic: 'own', partition: 0, records: null, until: 0 },
    ];
    const standing = new Standing({ positions, asOf: new Date(minute), lag });
    expect(standing.summary([progress(0, 8)], ['own']).lag).toEqual([
      { topic: 'own', partition: 0, records: null, until: 0 },
      { topic, partition: 0, records: 3, until: minute - 5000 },
    ]);
  });

  it('counts what was left out in the place of its partition', () => {
    const standing = new Standing({ positions: [], asOf: null, lag: [] });
    const taken: Taken = {
      records: [],
      places: [place(0, 9)],
      missed: [],
      skipped: [{ topic, partition: 0, records: 2 }],
    };
    standing.stored(taken, standing.after(taken));
    expect(standing.after({ ...taken, skipped: [{ topic, partition: 1, records: 9 }] })).toMatchObject([
      { leftOut: 2 },
    ]);
    expect(standing.after(taken)).toMatchObject([{ leftOut: 4, leftOutAt: expect.any(Date) }]);
  });
});

describe('the topics that are read', () => {
  it('are those about alerts, and not the audit, nor the log of handles', () => {
    const existing = [
      'paging.alerts.v1',
      'paging.audit.v1',
      'paging.handle-changes.v1',
      'paging.org-alerts.v1.acme.dead',
    ];
    expect(topicsToRead(existing)).toEqual(['paging.alerts.v1', 'paging.org-alerts.v1.acme.dead']);
  });
});
