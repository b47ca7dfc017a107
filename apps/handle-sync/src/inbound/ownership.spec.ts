import { expect, it } from '@jest/globals';
import { Directories, Handles, ownerEpochHeader, SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry, RegistryFeed } from '@pagebridge/handle-registry';
import type { TableView } from '@pagebridge/kafka';
import { asRead } from '@pagebridge/testing';
import type { OwnedDirectories } from '../application/owned-directories.ts';
import { OwnedPartitions } from '../application/owned-partitions.ts';
import { Ownership } from './ownership.ts';

const directory = 'EU1/globex/account';
const assignment = { topic: SyncRequests.card.topic, partition: 3, generation: 5 };

function setUp() {
  const read = Promise.withResolvers<void>();
  const asked: unknown[] = [];
  const begun: boolean[] = [];
  const partitions = new OwnedPartitions(
    () => 3,
    () => true,
  );
  const directories: { own: OwnedDirectories['own'] } = {
    own: async (isOwner) => void begun.push(isOwner(directory)),
  };
  const feed = new RegistryFeed(new HandleRegistry());
  const tables: Pick<TableView, 'catchUp'> = {
    catchUp: (of) => {
      asked.push(...of);
      return read.promise;
    },
  };
  const ownership = new Ownership(partitions, directories as OwnedDirectories, feed, tables as TableView);
  return { ownership, directories, partitions, feed, asked, begun, read: () => read.resolve() };
}

it('owns a directory once it has read the records of the last owner, in a higher owner epoch', async () => {
  const { ownership, partitions, feed, asked, begun, read } = setUp();

  const assigned = ownership.onAssigned(assignment);
  expect(asked).toEqual([Handles, Directories].map(({ card: { topic } }) => ({ topic, partition: 3 })));
  expect(partitions.writerOf(directory)).toBeUndefined();
  const gone = { ...Handles.tombstone(`${directory}/team-1`), headers: { [ownerEpochHeader]: '7' } };
  feed.handle(asRead(gone, { partition: 3 }));
  read();
  await assigned;

  expect(begun).toEqual([true]);
  expect(partitions.writerOf(directory)).toEqual({ partition: 3, ownerEpoch: 8 });
});

it('does not own a partition that it lost while it was reading', async () => {
  const { ownership, partitions, begun, read } = setUp();

  const assigned = ownership.onAssigned(assignment);
  ownership.onDisowned([assignment]);
  read();
  await assigned;

  expect(begun).toEqual([]);
  expect(partitions.writerOf(directory)).toBeUndefined();
});

it('writes nothing once it is disowned, before the rebalance has ended', async () => {
  const { ownership, partitions, read } = setUp();
  read();
  await ownership.onAssigned(assignment);
  expect(partitions.writerOf(directory)).toBeDefined();

  ownership.onDisowned([assignment]);

  expect(partitions.writerOf(directory)).toBeUndefined();
});

it('starts no sync before those of lost partitions have ended', async () => {
  const { ownership, directories, read } = setUp();
  read();
  await ownership.onAssigned(assignment);
  const ended = Promise.withResolvers<void>();
  const story: string[] = [];
  directories.own = async (isOwner) => {
    story.push(isOwner(directory) ? 'owned' : 'lost');
    await ended.promise;
  };

  const notified = [ownership.onRevoked(assignment)];
  await nextTurn();
  notified.push(ownership.onAssigned(assignment));
  await nextTurn();
  expect(story).toEqual(['lost']);
  ended.resolve();
  await Promise.all(notified);

  expect(story).toEqual(['lost', 'owned']);
});

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
