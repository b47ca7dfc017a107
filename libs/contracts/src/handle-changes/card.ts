import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { directory, oneOf, ownerEpoch, teamHandle, teamId, time } from '../schema/fields.ts';

export const changeKinds = ['added', 'renamed', 'refreshed', 'removed'] as const;

const value = Type.Object({
  directory,
  teamId,
  kind: oneOf(
    changeKinds,
    'Kind of change: `refreshed` is a new name, or the end of a former handle; `removed` also means not on call any more.',
  ),
  teamHandle,
  teamName: Type.String({ maxLength: 200 }),
  from: Type.Optional(
    Type.String({ ...teamHandle, description: 'Former handle of a renamed team, which still works for a while.' }),
  ),
  at: time('Time at which handle-sync detected the difference.'),
  ownerEpoch,
});

/**
 * A difference between the known state of an on-call team and its directory.
 *
 * Written before the team's record, so that none is lost; written again if the team's record could not be written.
 */
export type HandleChange = Static<typeof value>;

export const handleChanges = defineTopic({
  topic: 'paging.handle-changes.v1',
  eventType: 'com.pagebridge.handle-change.v1',
  key: '<directory>/<teamId>',
  order: 'per directory: its records are in the partition of its name',
  producers: ['handle-sync'],
  consumers: ['handle-sync', 'subscribers'],
  cleanup: 'delete',
  retentionMs: 30 * 24 * 60 * 60 * 1000,
  deadLetter: false,
  meaning: 'A handle was added, changed or removed: the log of the differences that syncs found, at least once each.',
  value,
});
