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
  reportedBy: oneOf(['handle-sync', 'page-delivery'], 'Who saw it.'),
  credentialRevision: count('The credential it was seen with; a report about an older one is out of date.'),
  at: time('When.'),
  answers: Type.Optional(
    Type.Array(id(128, 'A `requestId`.'), {
      maxItems: 100,
      description: 'The sync requests that this look was made for; left out by who cannot tell.',
    }),
  ),
};

const synced = Type.Object({
  kind: Type.Literal('synced'),
  ...common,
  teams: count('On-call teams now known.'),
  added: count('Teams new since the last report.'),
  removed: count('Teams gone since the last report.'),
  renamed: Type.Array(Type.Object({ teamId, from: teamHandle, to: teamHandle }), { maxItems: 1000 }),
  durationMs: count('How long it took to see all of it.'),
});

const syncFailed = Type.Object({
  kind: Type.Literal('sync-failed'),
  ...common,
  unread: Type.Optional(count('Teams whose routing rules could not be read; what was known of them stays.')),
  detail: text(1024, 'What was met; the handles known before stay.'),
});

const credentialFault = Type.Object({
  kind: Type.Literal('credential-fault'),
  ...common,
  missingPermission: Type.Optional(text(64, 'The permission whose lack explains it, where known.')),
  unopenable: Type.Optional(Type.Boolean({ description: 'True: nobody was asked, since the seal cannot be opened.' })),
  detail: text(1024, 'What the destination answered, and the cure.'),
});

const repaired = Type.Object({
  kind: Type.Literal('repaired'),
  ...common,
});

const drained = Type.Object({
  kind: Type.Literal('drained'),
  ...common,
  partition: count('Partition of the page commands that has no open page over the connection any more.'),
  resolved: count('Pages of that partition that were resolved because the connection is being deleted.'),
  unresolved: count('Pages of that partition that could not be resolved, and may still be open.'),
});

const value = eitherKind(synced, syncFailed, credentialFault, repaired, drained);

/** What a service that uses a connection saw of it. */
export type ConnectionReport = Static<typeof value>;

export const connectionReports = defineTopic({
  topic: 'paging.connection-reports.v1',
  eventType: 'com.pagebridge.connection-report.v1',
  key: '<connectionId>',
  order: 'per connection',
  producers: ['handle-sync', 'page-delivery'],
  consumers: ['connection-management'],
  cleanup: 'delete',
  meaning:
    'A sync and its differences, a credential fault with the missing permission, a repair, or that nothing is open any more.',
  value,
});
