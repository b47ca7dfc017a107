import { urgencies } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import {
  alertKey,
  connectionId,
  count,
  eventId,
  links,
  oneOf,
  pageId,
  sourceOrg,
  tags,
  teamHandle,
  teamId,
  text,
  time,
} from '../fields.ts';

export const pageStatuses = [
  'pending',
  'attempting',
  'delivered',
  'resolving',
  'resolved',
  'superseded',
  'undeliverable',
] as const;
export type PageStatus = (typeof pageStatuses)[number];

const page = Type.Object({
  pageId,
  connectionId,
  teamId,
  teamHandle,
  urgency: oneOf(urgencies, 'Urgency of the page.'),
  status: oneOf(pageStatuses, 'Where the page is in its life.'),
  alertEventId: eventId,
  occurredAt: time('When the alert happened at the source.'),
  acceptedAt: time('When delivery took the command into its ledger; the maximum age counts from here.'),
  attempts: count('Calls made to the destination for the step the page is in.'),
  nextAttemptAt: time('Not called before this.'),
  possibleDuplicate: Type.Boolean({ description: 'An earlier call may have created the page without our knowing.' }),
  destinationPageId: Type.Optional(text(256, "The destination's id of the page.")),
  deliveredAt: Type.Optional(time('When the destination accepted it.')),
  endedAt: Type.Optional(time('When it was resolved, superseded or given up.')),
  lastError: Type.Optional(text(512, 'What the last failed call met.')),
  content: Type.Optional(
    Type.Object(
      { title: text(1024, 'One line.'), description: text(8192, 'The message.'), tags, links },
      { description: 'Kept until the page has been delivered or has ended.' },
    ),
  ),
});

const value = Type.Object({
  sourceOrg,
  alertKey,
  generation: count('Generation of the consumer group that wrote it; a reader ignores an older one.'),
  lastEventAt: time('Latest `occurredAt` seen for this alert; an older event changes nothing decided since.'),
  recoveredAt: Type.Optional(time('Latest recovery seen.')),
  updatedAt: time('When delivery wrote this.'),
  pages: Type.Array(page, { maxItems: 1000 }),
});

/** One page in delivery's ledger. */
export type PageState = Static<typeof page>;
/** Everything open or recent for one alert identity: delivery's ledger and its work queue. */
export type AlertState = Static<typeof value>;

export const pageStates = defineTopic({
  topic: 'paging.page-states.v1',
  eventType: 'com.pagebridge.page-state.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['page-delivery'],
  consumers: ['page-delivery'],
  cleanup: 'compact',
  meaning: "Delivery's ledger and durable queue: all pages of one alert; a tombstone means forgotten.",
  value,
});
