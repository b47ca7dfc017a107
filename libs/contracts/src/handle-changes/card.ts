import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { directory, generation, oneOf, teamHandle, teamId, time } from '../schema/fields.ts';

export const changeKinds = ['added', 'renamed', 'refreshed', 'removed'] as const;

const value = Type.Object({
  directory,
  teamId,
  kind: oneOf(
    changeKinds,
    'What became of its handle: `refreshed` is another name, or the end of a former handle; `removed` also when nobody is on call.',
  ),
  teamHandle,
  teamName: Type.String({ maxLength: 200 }),
  from: Type.Optional(
    Type.String({ ...teamHandle, description: 'The handle before, where the team was renamed: works for a while.' }),
  ),
  at: time('When handle-sync saw this difference.'),
  generation,
});

/**
 * A difference between what was known of a team on call and what its directory shows now.
 *
 * It is written before the team's record, so that none is missing; one may be told twice, where the record could not be written.
 */
export type HandleChange = Static<typeof value>;

export const handleChanges = defineTopic({
  topic: 'paging.handle-changes.v1',
  eventType: 'com.pagebridge.handle-change.v1',
  key: '<directory>/<teamId>',
  order: 'per directory, whose records stand in the partition of its name',
  producers: ['handle-sync'],
  consumers: ['handle-sync', 'subscribers'],
  cleanup: 'delete',
  retentionMs: 30 * 24 * 60 * 60 * 1000,
  deadLetter: false,
  meaning: 'A handle came, went, or changed: the log of what syncs found, at least once each.',
  value,
});
