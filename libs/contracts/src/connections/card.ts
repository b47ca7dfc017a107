import { dataCenterNamePattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { backup, connectionId, count, directory, oneOf, slug, sourceOrg, time } from '../schema/fields.ts';

/** What snapshots show of an alert whose page went over a connection; each shows what the one before shows too. */
export const shares = ['none', 'title', 'text', 'all'] as const;
export type Share = (typeof shares)[number];

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
    time('Time since which it reads that directory, and claims its handles. Default: `createdAt`.'),
  ),
  enabled: Type.Boolean({ description: 'False: its handles are known but page nobody.' }),
  version: count('Incremented with each change; readers ignore older versions.'),
  createdAt: time('Time of its creation.'),
  slugSince: Type.Optional(
    time('Time since which it has its slug, and claims the handles that the slug qualifies. Default: `createdAt`.'),
  ),
  formerSlugs: Type.Optional(
    Type.Array(Type.Object({ slug, validUntil: time('End of its validity.') }, { additionalProperties: false }), {
      maxItems: 20,
      description: 'Former slugs, which still qualify its handles unless a connection has them now.',
    }),
  ),
  credential: Type.Object({
    sealed: Type.String({
      maxLength: 8192,
      description: 'API key and application key as JWE, bound to this connection.',
    }),
    revision: count('Incremented with each rotation.'),
    checkedAt: time('Last time that the destination accepted it.'),
    former: Type.Optional(
      Type.Object(
        {
          sealed: Type.String({ maxLength: 8192, description: 'Like `sealed`.' }),
          revision: count('Its revision.'),
        },
        { description: 'The previous keys, for services that cannot open the new ones; removed once those were used.' },
      ),
    ),
  }),
  failover: Type.Optional(backup),
  share: Type.Optional(
    oneOf(shares, 'What a snapshot shows to everyone who has the link at the end of a page. Default: `none`.'),
  ),
  shareRevokedBefore: Type.Optional(time('Snapshot links of pages that were accepted before this time are revoked.')),
  deleting: Type.Optional(
    Type.Boolean({
      description: 'True: it is disabled and is deleted once its open pages are resolved.',
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
  consumers: ['connection-management', 'handle-sync', 'page-routing', 'page-delivery', 'reseal', 'page-history'],
  cleanup: 'compact',
  // Replaced credentials, and those of deleted connections, are not kept for longer than about a day.
  compactionLagMs: 24 * 60 * 60 * 1000,
  meaning: 'The current state of a connection, with its sealed credential; a tombstone means deleted.',
  value,
});
