import { dataCenterNamePattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { backup, connectionId, count, directory, slug, sourceOrg, time } from '../schema/fields.ts';

const value = Type.Object({
  connectionId,
  sourceOrg,
  name: Type.String({ minLength: 1, maxLength: 100 }),
  slug,
  dataCenter: Type.String({
    pattern: dataCenterNamePattern,
    maxLength: 32,
    description: 'Name in the data-center catalogue.',
  }),
  destinationOrg: Type.Object({
    id: Type.String({ maxLength: 128 }),
    name: Type.String({ maxLength: 256 }),
  }),
  directory,
  directorySince: Type.Optional(
    time('Since when it reads that directory: what is in it is claimed from then on. Where absent, `createdAt`.'),
  ),
  enabled: Type.Boolean({ description: 'False: its handles are known but page nobody.' }),
  version: count('Grows with each change; a reader ignores an older one.'),
  createdAt: time('When it was added.'),
  slugSince: Type.Optional(
    time(
      'Since when it has its slug: what that qualifies is not claimed by a handle first seen later. Where absent, `createdAt`.',
    ),
  ),
  formerSlugs: Type.Optional(
    Type.Array(
      Type.Object({ slug, validUntil: time('It qualifies no handle after this.') }, { additionalProperties: false }),
      { maxItems: 20, description: 'Slugs it had, which still qualify its handles where no connection has them now.' },
    ),
  ),
  credential: Type.Object({
    sealed: Type.String({
      maxLength: 8192,
      description: 'API key and application key as JWE, bound to this connection.',
    }),
    revision: count('Grows with each rotation.'),
    checkedAt: time('When the destination last accepted it.'),
    former: Type.Optional(
      Type.Object(
        {
          sealed: Type.String({ maxLength: 8192, description: 'As `sealed`.' }),
          revision: count('Its revision.'),
        },
        { description: 'The pair before the last rotation, for who cannot open the new one; gone once that was used.' },
      ),
    ),
  }),
  failover: Type.Optional(backup),
  deleting: Type.Optional(
    Type.Boolean({
      description: 'True: it is disabled, what is open over it is being resolved, and then it is deleted.',
    }),
  ),
});

/** One source org's right to page one destination org. */
export type Connection = Static<typeof value>;

export const connections = defineTopic({
  topic: 'paging.connections.v1',
  eventType: 'com.pagebridge.connection.v1',
  key: '<connectionId>',
  order: 'per connection',
  producers: ['connection-management'],
  consumers: ['connection-management', 'handle-sync', 'page-routing', 'page-delivery', 'reseal'],
  cleanup: 'compact',
  // A credential that was replaced, or whose connection was deleted, is nobody's business any more.
  compactionLagMs: 24 * 60 * 60 * 1000,
  meaning: 'The connection as it now stands, with its sealed credential; a tombstone means deleted.',
  value,
});
