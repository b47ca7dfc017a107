import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { connectionId, count, directory, ownerEpoch, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  teams: count('Number of known on-call teams.'),
  unread: count('Teams whose routing rules could not be read yet.'),
  completeAt: Type.Optional(time('Time of the last complete sync; absent before the first one.')),
  refused: Type.Array(connectionId, {
    maxItems: 10_000,
    description: 'Connections whose credential the destination refuses: they have no handles.',
  }),
  at: time('Time of this state.'),
  ownerEpoch,
});

/** The state of the sync of a directory. */
export type Directory = Static<typeof value>;

export const directories = defineTopic({
  topic: 'paging.directories.v1',
  eventType: 'com.pagebridge.directory.v1',
  key: '<directory>',
  order: 'per directory',
  producers: ['handle-sync'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: 'The state of the sync of a directory; a tombstone means that no connection uses it.',
  value,
});
