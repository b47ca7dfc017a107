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
      onDisowned: (assignments) => disowned.push(assignments.map(({ partition }) => partition)),
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

  it('reads a partition as soon as the service is ready for it, also while another cannot be prepared', async () => {
    const read: number[] = [];
    const unreadable = 1;
    const prepared: number[] = [];
    const listener = new RebalanceListener(
      settings,
      new PausedPartitions({ pause: quiet, resume: (_topic, partition) => void read.push(partition) }),
      {
        onAssigned: async ({ partition }) => {
          if (partition === unreadable) await new Promise(quiet);
          prepared.push(partition);
        },
        onDropped: quiet,
        firstBackoffMs: 1,
      },
    );

    listener.joined(membership(1, [0, unreadable]));
    await nextTurn();
    expect(read).toEqual([0]);
    listener.joined(membership(2, [0, unreadable, 2]));
    await nextTurn();
    expect(read).toEqual([0, 2]);
    expect(prepared).toEqual([0, 2]);
  });

  it('prepares a partition that comes back only when it is given up, and reads none whose preparation was cut short', async () => {
    const story: string[] = [];
    const givenUp = Promise.withResolvers<void>();
    const listener = new RebalanceListener(
      settings,
      new PausedPartitions({ pause: quiet, resume: () => void story.push('read') }),
      {
        onAssigned: async ({ generation }) => {
          story.push(`assigned in ${generation}`);
          if (generation === 3) listener.stop();
          if (generation === 3) throw new Error('not yet');
        },
        onRevoked: async ({ generation }) => {
          await givenUp.promise;
          story.push(`revoked of ${generation}`);
        },
        onDropped: quiet,
        firstBackoffMs: 1,
      },
    );

    listener.joined(membership(1, [0]));
    await nextTurn();
    // A generation was missed: another member may have had it.
    listener.joined(membership(3, [0]));
    await nextTurn();
    expect(story).toEqual(['assigned in 1', 'read']);
    givenUp.resolve();
    await nextTurn();
    await nextTurn();
    expect(story).toEqual(['assigned in 1', 'read', 'revoked of 1', 'assigned in 3']);
  });
});

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
