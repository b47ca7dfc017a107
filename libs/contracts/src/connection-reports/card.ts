import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import {
  connectionId,
  count,
  eitherKind,
  id,
  oneOf,
  sourceOrg,
  teamHandle,
  teamId,
  text,
  time,
} from '../schema/fields.ts';

const common = {
  connectionId,
  sourceOrg,
  reportedBy: oneOf(['handle-sync', 'page-delivery'], 'Service that reports.'),
  credentialRevision: count('Revision of the credential that was used; a report about an older revision is stale.'),
  at: time('Time of the report.'),
  answers: Type.Optional(
    Type.Array(id(128, 'A `requestId`.'), {
      maxItems: 100,
      description: 'The sync requests that this sync answers; absent if unknown.',
    }),
  ),
};

const synced = Type.Object({
  kind: Type.Literal('synced'),
  ...common,
  teams: count('Number of known on-call teams.'),
  added: count('Teams new since the last report.'),
  removed: count('Teams removed since the last report.'),
  renamed: Type.Array(Type.Object({ teamId, from: teamHandle, to: teamHandle }), { maxItems: 1000 }),
  durationMs: count('Duration of the sync.'),
});

const syncFailed = Type.Object({
  kind: Type.Literal('sync-failed'),
  ...common,
  unread: Type.Optional(count('Teams whose routing rules could not be read; their known state is kept.')),
  detail: text(1024, 'The cause; the known handles are kept.'),
});

const credentialFault = Type.Object({
  kind: Type.Literal('credential-fault'),
  ...common,
  missingPermission: Type.Optional(text(64, 'The missing permission, if known.')),
  unopenable: Type.Optional(
    Type.Boolean({ description: 'True: no call was made, because the credential cannot be decrypted.' }),
  ),
  detail: text(1024, 'Response of the destination, and the cure.'),
});

const repaired = Type.Object({
  kind: Type.Literal('repaired'),
  ...common,
});

const drained = Type.Object({
  kind: Type.Literal('drained'),
  ...common,
  partition: count('Partition of the page commands without open pages over the connection.'),
  resolved: count('Pages of that partition that were resolved because the connection is being deleted.'),
  unresolved: count('Pages of that partition that could not be resolved, and may still be open.'),
});

const pagesUnreadable = Type.Object({
  kind: Type.Literal('pages-unreadable'),
  ...common,
  detail: text(1024, 'Response of the destination, and the cure. Pages are still sent and resolved.'),
});

const pagesReadable = Type.Object({
  kind: Type.Literal('pages-readable'),
  ...common,
});

const value = eitherKind(synced, syncFailed, credentialFault, repaired, drained, pagesUnreadable, pagesReadable);

/** A report of a service about a connection that it uses. */
export type ConnectionReport = Static<typeof value>;

export const connectionReports = defineTopic({
  topic: 'paging.connection-reports.v1',
  eventType: 'com.pagebridge.connection-report.v1',
  key: '<connectionId>',
  order: 'per connection',
  producers: ['handle-sync', 'page-delivery'],
  consumers: ['connection-management', 'page-history'],
  cleanup: 'delete',
  meaning:
    'Result of a sync, a credential fault with the missing permission, a repair, whether pages can be read back, or a drained connection.',
  value,
});
