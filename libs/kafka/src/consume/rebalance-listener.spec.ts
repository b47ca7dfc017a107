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
  it('reports lost partitions at once, also while earlier assignments are still being prepared', () => {
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

  it('resumes a partition as soon as the service is ready for it, also while another is not ready', async () => {
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

  it('prepares a returned partition only after its revocation, and resumes none whose preparation failed', async () => {
    const story: string[] = [];
    const revocation = Promise.withResolvers<void>();
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
          await revocation.promise;
          story.push(`revoked of ${generation}`);
        },
        onDropped: quiet,
        firstBackoffMs: 1,
      },
    );

    listener.joined(membership(1, [0]));
    await nextTurn();
    // The member missed a generation, in which another member may have owned the partition.
    listener.joined(membership(3, [0]));
    await nextTurn();
    expect(story).toEqual(['assigned in 1', 'read']);
    revocation.resolve();
    await nextTurn();
    await nextTurn();
    expect(story).toEqual(['assigned in 1', 'read', 'revoked of 1', 'assigned in 3']);
  });
});

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
