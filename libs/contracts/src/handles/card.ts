import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { connectionId, sourceOrg, teamHandle, teamId, time } from '../schema/fields.ts';

const value = Type.Object({
  connectionId,
  sourceOrg,
  teamId,
  teamHandle,
  teamName: Type.String({ maxLength: 200 }),
  formerHandles: Type.Array(Type.Object({ teamHandle, validUntil: time('End of its grace period.') }), {
    maxItems: 16,
    description: 'Handles the team had before it was renamed, still honoured for a while.',
  }),
  changedAt: time('When handle-sync saw this difference.'),
  firstSeenAt: Type.Optional(
    time(
      'When the team was first seen with this handle: of two claims to one the first counts. Where absent, `changedAt`.',
    ),
  ),
});

/** A team of a destination org that can be paged over a connection. */
export type Handle = Static<typeof value>;

export const handles = defineTopic({
  topic: 'paging.handles.v1',
  eventType: 'com.pagebridge.handle.v1',
  key: '<connectionId>/<teamId>',
  order: 'per team of a connection',
  producers: ['handle-sync'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: 'The on-call team as last seen in the destination; written only on a difference, a tombstone means gone.',
  value,
});

/** The key of a handle's record: the team's id, since handles get renamed. */
export const handleKey = (connectionId: string, teamId: string): string => `${connectionId}/${teamId}`;
