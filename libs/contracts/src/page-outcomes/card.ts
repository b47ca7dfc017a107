import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import {
  alertKey,
  call,
  connectionId,
  count,
  eventId,
  failoverOf,
  line,
  moment,
  oneOf,
  pageId,
  sourceOrg,
  teamHandle,
  text,
  time,
} from '../schema/fields.ts';

/** The outcomes that the ledger lists as unreported: a closed list, which a former version of page-delivery must know. */
export const listedOutcomes = [
  'delivered',
  'retried',
  'joined',
  'undeliverable',
  'resolved',
  'unresolved',
  'superseded',
] as const;
export type ListedOutcome = (typeof listedOutcomes)[number];
export const outcomes = [...listedOutcomes, 'acknowledged'] as const;
export type OutcomeKind = (typeof outcomes)[number];

const value = Type.Object({
  sourceOrg,
  alertKey,
  alertEventId: eventId,
  pageId,
  connectionId,
  teamHandle,
  outcome: oneOf(outcomes, 'The outcome of the page.'),
  at: time('Time of the outcome. Of `acknowledged` and `closed-there`: the time there.'),
  attempts: count('Number of calls so far.'),
  possibleDuplicate: Type.Boolean({ description: 'The destination may show this page twice.' }),
  destinationPageId: Type.Optional(line(256, "The destination's id of the page.")),
  destinationOrgId: Type.Optional(text(128, "The destination org's id.")),
  joinedPageId: Type.Optional(pageId),
  reason: Type.Optional(
    text(
      64,
      'Machine-readable reason: `rejected`, `too-old`, `recovered`, `replaced`, `failed-over`, `closed-there`, `connection-disabled`, `rate-limited`, …',
    ),
  ),
  detail: Type.Optional(text(1024, 'The reason in a sentence.')),
  failoverOf: Type.Optional(failoverOf),
  call: Type.Optional(call),
  nextAttemptAt: Type.Optional(moment('Of `retried`: the earliest time of the next call.')),
  givenUpAt: Type.Optional(
    moment('Of `retried`: time after which the page is undeliverable, unless a later trigger joins it.'),
  ),
});

/**
 * An outcome of a page.
 *
 * Every page command ends in exactly one of `delivered`, `joined`, `superseded`, `undeliverable`; a delivered page whose
 * alert recovers ends in `resolved` or `unresolved`. One that a responder closes while its alert fires ends in `resolved`
 * with the reason `closed-there`. `acknowledged` is no end. An outcome may be written twice, with the same event id, and a
 * later version may have others: a subscriber skips those that it does not know.
 */
export type PageOutcome = Static<typeof value>;

export const pageOutcomes = defineTopic({
  topic: 'paging.page-outcomes.v1',
  eventType: 'com.pagebridge.page-outcome.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['page-delivery'],
  consumers: ['subscribers', 'page-history'],
  cleanup: 'delete',
  deadLetter: false,
  meaning:
    'The outcome of a page: delivered, retried, joined to an open one, acknowledged, resolved, unresolved, superseded, undeliverable. Skip outcomes that you do not know.',
  value,
});
