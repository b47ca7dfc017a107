import { describe, expect, it } from '@jest/globals';
import { Pauses } from './paused-partitions.ts';
import { Custody } from './rebalance-listener.ts';

const quiet = () => undefined;
const settings = { brokers: [], clientId: 'spec', log: { debug: quiet, info: quiet, warn: quiet, error: quiet } };
const membership = (generation: number, partitions: number[]) => ({
  generation,
  memberId: 'm',
  partitions: { t: partitions },
});

describe('custody of partitions', () => {
  it('tells at once what is lost, also while what was gained before is still being prepared', () => {
    const disowned: number[][] = [];
    const custody = new Custody(settings, new Pauses({ pause: quiet, resume: quiet }), {
      onAssigned: () => new Promise(quiet),
      onDisowned: (assignments) => disowned.push(assignments.flatMap(({ partitions }) => [...partitions])),
      onDropped: quiet,
      firstBackoffMs: 1,
    });

    custody.joined(membership(1, [0, 1, 2]));
    expect(disowned).toEqual([]);
    custody.joined(membership(2, [1]));
    expect(disowned).toEqual([[0, 2]]);
    custody.lost();
    expect(disowned).toEqual([[0, 2], [1]]);
  });
});
