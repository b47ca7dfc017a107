import type { EndReason } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import {
  alertKey,
  connectionId,
  count,
  eventId,
  mention,
  moment,
  oneOf,
  sourceOrg,
  teamHandle,
  text,
  time,
} from '../schema/fields.ts';

export const unroutedReasons = [
  'manual-origin',
  'local',
  'unknown-handle',
  'registry-incomplete',
  'connection-disabled',
] as const satisfies readonly EndReason[];
export type UnroutedReason = (typeof unroutedReasons)[number];

const pointer = (description: string) =>
  Type.Object({ handle: mention(300, 'With `@oncall-`.'), teamHandle, connectionId }, { description });

const place = Type.Object(
  {
    topic: text(249, 'Its topic.'),
    partition: count('Its partition.'),
    offset: count('Its offset there.'),
  },
  { description: 'Position of the alert of a waiting handle.' },
);

const value = Type.Object({
  sourceOrg,
  alertKey,
  alertEventId: eventId,
  title: text(1024, 'Title of the alert.'),
  occurredAt: time('Time of the transition at the source.'),
  handle: mention(300, 'The handle as mentioned, with `@oncall-`.'),
  reason: oneOf(unroutedReasons, 'Reason why the handle was not routed.'),
  detail: text(1024, 'The reason in a sentence, with its cure.'),
  connectionId: Type.Optional(connectionId),
  nearest: Type.Optional(pointer('The most similar known handle, for the first ten unknown handles of an alert.')),
  alternative: Type.Optional(
    pointer(
      'If its connection is disabled: the handle to write for the team of the next enabled connection that claims it.',
    ),
  ),
  waitingUntil: Type.Optional(
    moment('For an unknown handle: it pages late, with the tag `late`, if it becomes known before this time.'),
  ),
  alert: Type.Optional(place),
});

/** A mention that became no page, with the reason. */
export type UnroutedHandle = Static<typeof value>;

export const unroutedHandles = defineTopic({
  topic: 'paging.unrouted-handles.v1',
  eventType: 'com.pagebridge.unrouted-handle.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['page-routing'],
  consumers: ['page-routing', 'subscribers', 'page-history'],
  cleanup: 'delete',
  deadLetter: false,
  meaning: 'A handle in an alert that pages nobody, with the reason.',
  value,
});
