import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { SnapshotLinks } from '@pagebridge/contracts';
import { secretKeysIn } from '@pagebridge/service';
import { Snapshots } from './snapshots.service.ts';

const links = new SnapshotLinks(secretKeysIn(randomBytes(32).toString('base64url')));
const aToken = () =>
  links.tokenOf({ sourceOrg: 'acme', connectionId: randomUUID(), pageId: randomUUID(), acceptedAt: Date.now() });

/** Two links may be read at once; what is read of the database comes when the test says so. */
function reading({ isRead = true } = {}) {
  const { promise: mention, resolve: answer } = Promise.withResolvers<null>();
  const reads: object[] = [];
  const parts = [
    { isRead: () => isRead },
    { shareOf: () => 'title' },
    {
      read(work: object) {
        reads.push(work);
        return mention;
      },
    },
    {},
    { now: async () => ({ keptSince: new Date().toISOString(), asOf: null, lag: [], leftOut: 0 }) },
    { DATABASE_POOL_SIZE: 4 },
  ] as unknown as ConstructorParameters<typeof Snapshots> extends [unknown, ...infer Rest] ? Rest : never;
  return { snapshots: new Snapshots(links, ...parts), reads, answer: () => answer(null) };
}

it('reads a link once, however often it is opened, and tells those beyond half of the connections to come again', async () => {
  const { snapshots, reads, answer } = reading();
  const [one, other] = [aToken(), aToken()];
  const shown = [one, one, other, one].map((token) => snapshots.show(token));
  expect(await snapshots.show(aToken())).toEqual({ refusal: 'busy' });
  expect(reads).toHaveLength(2);
  answer();
  for (const each of await Promise.all(shown)) expect(each).toHaveProperty('page');
  await snapshots.show(one);
  expect(reads).toHaveLength(2);
  expect(await snapshots.show(aToken())).toHaveProperty('page');
});

it('reads nothing while it cannot be told what was revoked, nor for a link that nobody signed', async () => {
  const { snapshots, reads } = reading({ isRead: false });
  expect(await snapshots.show(aToken())).toEqual({ refusal: 'unavailable' });
  expect(await snapshots.show('a.b.c')).toEqual({ refusal: 'forged' });
  expect(reads).toEqual([]);
});
