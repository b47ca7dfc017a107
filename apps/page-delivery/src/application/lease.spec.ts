import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.ts';

describe('the lease', () => {
  it('permits writes but no new calls during a rebalance', async () => {
    let isMember = true;
    const lease = new Lease({
      get isMember() {
        return isMember;
      },
    });
    const may = () => [lease.mayCall(), lease.mayWrite()];
    expect(may()).toEqual([true, true]);

    const settled = Promise.withResolvers<void>();
    const parting = lease.whileRebalancing(() => settled.promise);
    expect(may()).toEqual([false, true]);

    isMember = false;
    settled.resolve();
    await parting;
    expect(may()).toEqual([false, false]);

    isMember = true;
    expect(may()).toEqual([true, true]);
  });
});
