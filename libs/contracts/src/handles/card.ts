import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { directory, generation, teamHandle, teamId, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  teamId,
  teamHandle,
  teamName: Type.String({ maxLength: 200 }),
  onCall: Type.Boolean({ description: 'False: it has no routing rules, so nobody can page it.' }),
  formerHandles: Type.Array(Type.Object({ teamHandle, validUntil: time('End of its grace period.') }), {
    maxItems: 16,
    description: 'Handles the team had before it was renamed, still honoured for a while.',
  }),
  changedAt: time('When handle-sync saw this difference.'),
  firstSeenAt: time('When the team was first seen on call with this handle: of two claims to one the first counts.'),
  generation,
});

/** A team of a destination org, as one service account sees it. */
export type Handle = Static<typeof value>;

export const handles = defineTopic({
  topic: 'paging.handles.v1',
  eventType: 'com.pagebridge.handle.v1',
  key: '<directory>/<teamId>',
  order: 'per directory, whose records stand in the partition of its name',
  producers: ['handle-sync'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: 'The team as last seen in its directory; written only on a difference, a tombstone means gone.',
  value,
});

/** The key of a handle's record: the team's id, since handles get renamed. */
export const handleKey = (directoryOfTeam: string, id: string): string => `${directoryOfTeam}/${id}`;

/** The directory and the team's id, which may hold a slash, that a key names; undefined where it names none. */
export function handleKeyParts(key: string): readonly [directory: string, teamId: string] | undefined {
  const parts = /^([^/]+\/[^/]+\/[^/]+)\/(.+)$/s.exec(key);
  return parts?.[1] && parts[2] ? [parts[1], parts[2]] : undefined;
}
