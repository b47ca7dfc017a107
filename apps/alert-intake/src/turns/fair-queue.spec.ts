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

it('gives an owner no credit for the time before it came, and lets it wait for nobody that was served before', () => {
  const queue = new FairQueue<string>();
  const of = (sourceOrg: string) => ({ sourceOrg, name: 'a' });
  const serve = (cost: number) => {
    const { owner, job } = queue.next ?? {};
    if (!owner || !job) throw new Error('nobody waits');
    queue.charge(owner, cost);
    queue.delete(owner, job);
    return job;
  };
  for (const job of ['old 1', 'old 2', 'old 3']) queue.add(of('old'), job);
  expect([serve(50), serve(50)]).toEqual(['old 1', 'old 2']);
  for (const job of ['late 1', 'late 2']) queue.add(of('late'), job);
  expect([serve(60), serve(60), serve(60)]).toEqual(['late 1', 'old 3', 'late 2']);
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
