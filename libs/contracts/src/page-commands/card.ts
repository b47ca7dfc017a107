import { transitions, urgencies } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import {
  alertKey,
  connectionId,
  eitherKind,
  eventId,
  failover,
  failoverOf,
  links,
  matchedHow,
  mention,
  oneOf,
  pageId,
  position,
  sourceOrg,
  tags,
  teamHandle,
  teamId,
  text,
  time,
} from '../schema/fields.ts';

export const maxPageDescriptionLength = 8192;

const alertRecord = Type.Optional(
  position(
    'Record of the alert, `<topic>/<partition>/<offset>`, which orders triggers and recoveries of nearly the same time. Absent ' +
      'if only the time orders the command: on a late page, and for an alert that is a replay.',
  ),
);

const page = Type.Object({
  kind: Type.Literal('page'),
  pageId,
  sourceOrg,
  alertKey,
  alertEventId: eventId,
  transition: oneOf(
    transitions.filter((transition) => transition !== 'recovered'),
    'The transition that pages.',
  ),
  occurredAt: time('Time of the transition at the source.'),
  alertRecord,
  connectionId,
  teamId,
  teamHandle,
  handle: mention(280, 'The handle as mentioned, with `@oncall-`.'),
  matched: oneOf(
    matchedHow,
    'How the mention was matched; `fallback`: it is unknown, and the fallback handle is used.',
  ),
  ambiguousWith: Type.Optional(
    Type.Array(connectionId, {
      maxItems: 100,
      description: 'Other enabled connections with a later claim to the handle.',
    }),
  ),
  urgency: oneOf(urgencies, 'Urgency of the page.'),
  title: text(1024, 'One line.'),
  description: text(maxPageDescriptionLength, 'The message, cut with a visible mark if it is too long.'),
  tags,
  links,
  failover: Type.Optional(failover),
  failoverOf: Type.Optional(failoverOf),
});

const resolve = Type.Object({
  kind: Type.Literal('resolve'),
  sourceOrg,
  alertKey,
  alertEventId: eventId,
  occurredAt: time('Time of the recovery.'),
  alertRecord,
});

const value = eitherKind(page, resolve);

/** A command of page-routing to page one team. */
export type PageCommand = Static<typeof page>;
/** A command of page-routing to resolve all pages of an alert. */
export type ResolveCommand = Static<typeof resolve>;
export type Command = PageCommand | ResolveCommand;

export const pageCommands = defineTopic({
  topic: 'paging.page-commands.v1',
  eventType: 'com.pagebridge.page-command.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['page-routing'],
  consumers: ['page-delivery', 'page-routing', 'page-history'],
  cleanup: 'delete',
  meaning: 'Page this team over this connection, or resolve all pages of this alert.',
  value,
});
