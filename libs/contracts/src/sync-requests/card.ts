import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { connectionId, directory, id, mention, oneOf, sourceOrg, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  sourceOrg,
  connectionId: Type.Optional(connectionId),
  cause: oneOf(['requested', 'unknown-handle'], 'A person requested it, or page-routing met an unknown handle.'),
  handle: Type.Optional(mention(300, 'The unknown handle.')),
  requestedAt: time('Time of the request.'),
  requestId: Type.Optional(id(128, 'Unique id of this request; the report that answers it contains this id.')),
});

/** A request to sync a directory. */
export type SyncRequest = Static<typeof value>;

export const syncRequests = defineTopic({
  topic: 'paging.sync-requests.v1',
  eventType: 'com.pagebridge.sync-request.v1',
  key: '<directory>',
  order: 'per directory',
  producers: ['connection-management', 'page-routing'],
  consumers: ['handle-sync'],
  cleanup: 'delete',
  meaning: 'Sync this directory now, or look up one handle in it.',
  value,
});
