import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { connectionId, count, directory, generation, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  teams: count('On-call teams known.'),
  unread: count('Teams whose routing rules could not be read yet.'),
  completeAt: Type.Optional(time('When all of it was last seen; absent before the first time.')),
  refused: Type.Array(connectionId, {
    maxItems: 10_000,
    description: 'Connections whose credential the destination refuses: they show no handles.',
  }),
  at: time('When this was so.'),
  generation,
});

/** How well a directory is known. */
export type Directory = Static<typeof value>;

export const directories = defineTopic({
  topic: 'paging.directories.v1',
  eventType: 'com.pagebridge.directory.v1',
  key: '<directory>',
  order: 'per directory',
  producers: ['handle-sync'],
  consumers: ['handle-sync'],
  cleanup: 'compact',
  meaning: 'How well the teams of a directory are known; a tombstone means that no connection uses it.',
  value,
});
