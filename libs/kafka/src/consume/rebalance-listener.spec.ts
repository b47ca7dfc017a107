import { describe, expect, it } from '@jest/globals';
import { plaintext } from '../settings.ts';
import { PausedPartitions } from './paused-partitions.ts';
import { RebalanceListener } from './rebalance-listener.ts';

const quiet = () => undefined;
const settings = {
  brokers: [],
  clientId: 'spec',
  security: plaintext,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
};
const membership = (generation: number, partitions: number[]) => ({
  generation,
  memberId: 'm',
  partitions: { t: partitions },
});

describe('a rebalance', () => {
  it('tells at once which partitions are lost, also while what was gained before is still being prepared', () => {
    const disowned: number[][] = [];
    const listener = new RebalanceListener(settings, new PausedPartitions({ pause: quiet, resume: quiet }), {
      onAssigned: () => new Promise(quiet),
      onDisowned: (assignments) => disowned.push(assignments.flatMap(({ partitions }) => [...partitions])),
      onDropped: quiet,
      firstBackoffMs: 1,
    });

    listener.joined(membership(1, [0, 1, 2]));
    expect(disowned).toEqual([]);
    listener.joined(membership(2, [1]));
    expect(disowned).toEqual([[0, 2]]);
    listener.lost();
    expect(disowned).toEqual([[0, 2], [1]]);
  });
});
