import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue, type Owner } from './fair-queue.ts';

/** Returns the owners in their order, each job of which costs this much. */
function order(waiting: readonly (Owner & { readonly jobs: number })[], cost = (_owner: Owner) => 1): string[] {
  const queue = new FairQueue<object>();
  for (const { jobs, ...owner } of waiting) for (let job = 0; job < jobs; job += 1) queue.add(owner, {});
  const served: string[] = [];
  for (let { next } = queue; next; next = queue.next) {
    const { owner, job } = next;
    queue.charge(owner, cost(owner));
    queue.delete(owner, job);
    served.push(`${owner.sourceOrg}/${owner.name}`);
  }
  return served;
}

it('serves an org with a hundred integrations as often as one with a single one', () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ sourceOrg: 'flood', name: `i-${i}`, jobs: 10 }));
  const served = order([...many, { sourceOrg: 'acme', name: 'prometheus', jobs: 10 }]);
  expect(served.slice(0, 20).filter((owner) => owner === 'acme/prometheus')).toHaveLength(10);
});

it('serves the integrations of an org in turns', () => {
  const served = order(['a', 'b'].map((name) => ({ sourceOrg: 'acme', name, jobs: 2 })));
  expect(served).toEqual(['acme/a', 'acme/b', 'acme/a', 'acme/b']);
});

it('lets an org with cheap jobs go before one that has used more', () => {
  const its = [
    { sourceOrg: 'dear', name: 'a', jobs: 3 },
    { sourceOrg: 'cheap', name: 'a', jobs: 5 },
  ];
  const served = order(its, ({ sourceOrg }) => (sourceOrg === 'dear' ? 50 : 1));
  expect(served).toEqual(['dear/a', ...Array(5).fill('cheap/a'), 'dear/a', 'dear/a']);
});

it('gives no owner credit for the time before it came', () => {
  const queue = new FairQueue<string>();
  const [old, late] = ['old', 'late'].map((sourceOrg) => ({ sourceOrg, name: 'a' })) as [Owner, Owner];
  for (const job of ['1', '2', '3', '4']) queue.add(old, job);
  queue.charge(old, 100);
  queue.add(late, 'a');
  queue.charge(late, 1);
  queue.delete(late, 'a');
  queue.add(late, 'b');
  expect(queue.next?.owner).toEqual(old);
});

it('serves every job once, whoever waits', () => {
  const owner = fc.record({ sourceOrg: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('x', 'y') });
  fc.assert(
    fc.property(fc.array(fc.record({ owner, jobs: fc.nat(5) })), (drawn) => {
      const served = order(drawn.map(({ owner: its, jobs }) => ({ ...its, jobs })));
      expect(served).toHaveLength(drawn.reduce((sum, { jobs }) => sum + jobs, 0));
    }),
  );
});
