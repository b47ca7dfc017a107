import { expect, it } from '@jest/globals';
import { Directories, generationHeader, Handles, SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry, RegistryFeed } from '@pagebridge/handle-registry';
import type { TableView } from '@pagebridge/kafka';
import { asRead } from '@pagebridge/testing';
import type { OwnedDirectories } from '../application/owned-directories.ts';
import { OwnedPartitions } from '../application/owned-partitions.ts';
import { Ownership } from './ownership.ts';

it('owns a directory once it has read what the last owner wrote, in a generation above that', async () => {
  const read = Promise.withResolvers<void>();
  const asked: unknown[] = [];
  const partitions = new OwnedPartitions(
    () => 3,
    () => true,
  );
  const begun: boolean[] = [];
  const directories: Pick<OwnedDirectories, 'own'> = {
    own: async (isMine) => void begun.push(isMine('EU1/globex/account')),
  };
  const feed = new RegistryFeed(new HandleRegistry(), () => undefined);
  const tables: Pick<TableView, 'catchUp'> = {
    catchUp: (of) => {
      asked.push(...of);
      return read.promise;
    },
  };
  const ownership = new Ownership(partitions, directories as OwnedDirectories, feed, tables as TableView);

  const assigned = ownership.onAssigned({ topic: SyncRequests.card.topic, partitions: [3], generation: 5 });
  expect(asked).toEqual([Handles, Directories].map(({ card: { topic } }) => ({ topic, partition: 3 })));
  expect(partitions.writerOf('EU1/globex/account')).toBeUndefined();
  const gone = { ...Handles.tombstone('EU1/globex/account/team-1'), headers: { [generationHeader]: '7' } };
  feed.take(asRead(gone, { partition: 3 }));
  read.resolve();
  await assigned;

  expect(begun).toEqual([true]);
  expect(partitions.writerOf('EU1/globex/account')).toEqual({ partition: 3, generation: 8 });
});
