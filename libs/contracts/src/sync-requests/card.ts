import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { connectionId, directory, id, mention, oneOf, sourceOrg, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  sourceOrg,
  connectionId: Type.Optional(connectionId),
  cause: oneOf(['requested', 'unknown-handle'], 'A person asked, or a router met a handle it does not know.'),
  handle: Type.Optional(mention(300, 'The unknown handle.')),
  requestedAt: time('When.'),
  requestId: Type.Optional(id(128, 'Of this request alone; the report that answers it says so.')),
});

/** A request for a fresh look at the teams of a directory. */
export type SyncRequest = Static<typeof value>;

export const syncRequests = defineTopic({
  topic: 'paging.sync-requests.v1',
  eventType: 'com.pagebridge.sync-request.v1',
  key: '<directory>',
  order: 'per directory',
  producers: ['connection-management', 'page-routing'],
  consumers: ['handle-sync'],
  cleanup: 'delete',
  meaning: 'Look at the teams of this directory now, or for one handle among them.',
  value,
});
