import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { directory, ownerEpoch, teamHandle, teamId, time } from '../schema/fields.ts';

const value = Type.Object({
  directory,
  teamId,
  teamHandle,
  teamName: Type.String({ maxLength: 200 }),
  onCall: Type.Boolean({ description: 'False: it has no routing rules, so it cannot be paged.' }),
  formerHandles: Type.Array(Type.Object({ teamHandle, validUntil: time('End of its grace period.') }), {
    maxItems: 16,
    description: 'Former handles of the team, which still page it until the end of their grace periods.',
  }),
  changedAt: time('Time at which handle-sync detected this state.'),
  firstSeenAt: time('Time of the first sync that found the team on call with this handle; the earliest claim wins.'),
  ownerEpoch,
});

/** A team of a destination org, in the directory of one service account. */
export type Handle = Static<typeof value>;

export const handles = defineTopic({
  topic: 'paging.handles.v1',
  eventType: 'com.pagebridge.handle.v1',
  key: '<directory>/<teamId>',
  order: 'per directory: its records are in the partition of its name',
  producers: ['handle-sync'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: 'The last known state of a team in its directory; written only on a difference, a tombstone means removed.',
  value,
});

/** Returns the key of a handle's record, with the team's id, since handles can be renamed. */
export const handleKey = (directoryOfTeam: string, id: string): string => `${directoryOfTeam}/${id}`;

/** Returns the directory and the team's id in a key; undefined for an invalid key. A team's id may contain slashes. */
export function handleKeyParts(key: string): readonly [directory: string, teamId: string] | undefined {
  const parts = /^([^/]+\/[^/]+\/[^/]+)\/(.+)$/s.exec(key);
  return parts?.[1] && parts[2] ? [parts[1], parts[2]] : undefined;
}
