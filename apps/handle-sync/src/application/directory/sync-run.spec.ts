import { expect, it } from '@jest/globals';
import type { CurrentUser } from '@pagebridge/destination';
import { aConnection } from '@pagebridge/testing';
import type { PacedDestination } from './paced-destination.ts';
import { SyncRun } from './sync-run.ts';

const identityOf = (permissions: readonly string[]) => {
  const user: CurrentUser = {
    id: 'account-1',
    serviceAccount: true,
    disabled: false,
    org: { id: 'org-globex', name: 'Globex' },
    permissions,
  };
  const destination = {
    connection,
    currentUser: async () => ({ ok: true, value: user }),
  } as unknown as PacedDestination;
  return new SyncRun(destination, 0, { waiting: undefined, isRequested: false, isRegular: true }).identity();
};
const connection = aConnection();

it('a identity depends on the set of permissions, not on their order, and stays short', async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `permission-${i}`);
  const identity = await identityOf(many);
  expect(await identityOf(many.toReversed())).toBe(identity);
  expect(await identityOf([...many, 'one-more'])).not.toBe(identity);
  expect(String(identity).length).toBeLessThan(200);
});
