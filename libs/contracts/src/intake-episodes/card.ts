import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { alertKey, count, sourceOrg, time } from '../schema/fields.ts';

const value = Type.Object({
  sourceOrg,
  alertKey,
  open: Type.Boolean({ description: 'Whether the alert fires, as far as its source said.' }),
  startsAt: Type.Optional(
    time('When the episode began, or the last time of one that has ended, if its source said so.'),
  ),
  occurredAt: time('Time of the event that began the episode.'),
  recoveredAt: Type.Optional(time('Time of the event that ended an episode of this alert last.')),
  publishedAt: time('Time of the last published event of the alert.'),
  repeats: count('Number of repeated events in this episode.'),
  ending: Type.Optional(
    Type.Boolean({
      description: 'Whether the recovery that ended it may not be published yet; a repeat publishes it.',
    }),
  ),
  test: Type.Optional(Type.Boolean({ description: 'Whether it is a test page, which ends by itself.' })),
  digest: Type.String({
    pattern: '^[0-9a-f]{16}$',
    maxLength: 16,
    description:
      'Hash of what can page: recipients, mentioned handles and priority of the event that was published last.',
  }),
});

/** What alert-intake remembers of an alert, so that a repeat pages nobody twice and a new firing pages anew. */
export type IntakeEpisode = Static<typeof value>;

export const intakeEpisodes = defineTopic({
  topic: 'paging.intake-episodes.v1',
  eventType: 'com.pagebridge.intake-episode.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['alert-intake'],
  consumers: ['alert-intake'],
  cleanup: 'compact',
  meaning:
    'The last episode of an alert over HTTP or of a test page, from its trigger to its recovery; a tombstone means forgotten.',
  value,
});
