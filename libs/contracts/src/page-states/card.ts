import { urgencies } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { listedOutcomes } from '../page-outcomes/card.ts';
import {
  alertKey,
  call,
  connectionId,
  count,
  eventId,
  failover,
  failoverOf,
  line,
  moment,
  oneOf,
  ownerEpoch,
  pageId,
  position,
  sourceOrg,
  teamHandle,
  teamId,
  text,
  time,
  trace,
} from '../schema/fields.ts';
import { maxInstantLength } from '../schema/instant.ts';
import { maxBytesOf } from '../schema/max-bytes.ts';

export const pageStatuses = [
  'pending',
  'attempting',
  'delivered',
  'resolving',
  'resolved',
  'unresolved',
  'superseded',
  'undeliverable',
] as const;
/** The maximum number of joined page ids that a page keeps, the latest ones. */
export const maxJoined = 10;
export const maxErrorLength = 240;
export const maxTitleLength = 120;
export type PageStatus = (typeof pageStatuses)[number];

const commandRecord = Type.Object(
  {
    offset: count('Its offset, in the partition of the commands with the number of this partition.'),
    time: text(maxInstantLength, 'CloudEvents time of the command; empty if it had none.'),
  },
  {
    description:
      'The record of the command, which has the text of the page; kept until no call or dead letter needs it.',
  },
);

const acknowledged = Type.Object(
  {
    at: time('Time at which a responder acknowledged the page, according to the destination.'),
    // Not in `unreported`: a former version reads no outcome there that it does not know.
    unreported: Type.Optional(Type.Literal(true, { description: 'Its outcome may not be published yet.' })),
  },
  { description: 'Set after a responder has acknowledged the page.' },
);

const page = Type.Object({
  pageId,
  connectionId,
  teamId,
  teamHandle,
  urgency: oneOf(urgencies, 'Urgency of the page.'),
  status: oneOf(pageStatuses, 'Status of the page.'),
  alertEventId: eventId,
  occurredAt: time('Time of the alert at the source.'),
  triggeredAt: moment(
    'Latest trigger of this page, its own or one that joined; an older recovery does not resolve the page.',
  ),
  triggerRecord: Type.Optional(
    position('Alert record of its latest trigger, if all its triggers are in one partition.'),
  ),
  acceptedAt: time('Time at which page-delivery stored the command in its ledger.'),
  joinedAt: Type.Optional(
    time('Time from which the age of a page that is not delivered yet counts, if a later trigger joined it.'),
  ),
  attempts: count('Number of calls to create it.'),
  resolveAttempts: count('Number of calls to resolve it.'),
  badAnswers: Type.Optional(count('Number of successful answers to a create without a page id.')),
  nextAttemptAt: time('Earliest time of the next call.'),
  possibleDuplicate: Type.Boolean({ description: 'An earlier call with a lost answer may have created the page.' }),
  destinationPageId: Type.Optional(line(256, "The destination's id of the page.")),
  deliveredAt: Type.Optional(time('Time at which the destination accepted it.')),
  acknowledged: Type.Optional(acknowledged),
  resolveRequestedAt: Type.Optional(time('Time of the decision to resolve it; limits the time spent on resolving.')),
  endedAt: Type.Optional(time('Time at which it was resolved, superseded or given up.')),
  ending: Type.Optional(
    oneOf(
      ['recovered', 'replaced', 'failed-over', 'not-needed'],
      'Decided while a call is in flight: how the page ends once the answer is known.',
    ),
  ),
  replacedBy: Type.Optional(pageId),
  failover: Type.Optional(failover),
  failedOverTo: Type.Optional(pageId),
  failoverOf: Type.Optional(failoverOf),
  reason: Type.Optional(text(64, 'Machine-readable reason of its end.')),
  lastError: Type.Optional(line(maxErrorLength, 'Error of the last failed call, or why it ended.')),
  call: Type.Optional(call),
  joined: Type.Array(pageId, {
    maxItems: maxJoined,
    description: 'Page ids of the latest commands that joined this page.',
  }),
  unreported: Type.Array(oneOf(listedOutcomes, 'Outcome.'), {
    maxItems: 8,
    description: 'Outcomes that may not be published yet: the next owner publishes them again with the same event id.',
  }),
  traceparent: Type.Optional(trace('Trace of its command.')),
  replayedFrom: Type.Optional(
    text(320, 'The dead letter whose replay is a new attempt of this page; reading that replay again changes nothing.'),
  ),
  commandRecord: Type.Optional(commandRecord),
  title: Type.Optional(
    text(maxTitleLength, 'Beginning of the title, for the case that the record of the command is gone.'),
  ),
});

const {
  commandRecord: _commandRecord,
  title: _title,
  failover: _failover,
  joinedAt: _joinedAt,
  call: _call,
  ...ended
} = page.properties;
const gathered = [
  'joinedAt',
  'destinationPageId',
  'deliveredAt',
  'acknowledged',
  'resolveRequestedAt',
  'endedAt',
  'ending',
  'replacedBy',
  'failedOverTo',
  'reason',
  'lastError',
  'call',
  'joined',
  'unreported',
] as const;

/** The maximum sizes in bytes, in the ledger, of a page, of an ended page, and of the fields that a page gains later. */
export const maxPageBytes = {
  live: maxBytesOf(page),
  ended: maxBytesOf(Type.Object(ended)),
  gathered: maxBytesOf(Type.Pick(page, gathered)),
} as const;

const outcomeWatermark = Type.Object(
  {
    write: count('The states of the same owner up to this write.'),
    before: count('States of previous owners before this offset, up to which the owner had read at the takeover.'),
  },
  { description: 'The states of this partition whose outcomes are all published, regardless of their `unreported`.' },
);

const value = Type.Object({
  sourceOrg,
  alertKey,
  ownerEpoch,
  write: Type.Optional(count('Number of the write of its owner to this partition, from 1.')),
  outcomeWatermark: Type.Optional(outcomeWatermark),
  lastEventAt: moment('Latest `occurredAt` of this alert; an older event does not change later decisions.'),
  recoveredAt: Type.Optional(moment('Time of the latest recovery.')),
  recoveredBy: Type.Optional(eventId),
  recoveryRecord: Type.Optional(position('Alert record of the latest recovery.')),
  updatedAt: time('Time at which page-delivery wrote this.'),
  pages: Type.Array(page, { maxItems: 1000 }),
});

export type PageState = Static<typeof page>;
/** All open and recent pages of one alert identity. */
export type AlertState = Omit<AlertRecord, 'write' | 'outcomeWatermark'>;
/** The state as it is written to the ledger, with the number of the owner's write and the outcome watermark. */
export type AlertRecord = Static<typeof value>;
/** The position up to which all outcomes of a ledger partition are published. */
export type OutcomeWatermark = Static<typeof outcomeWatermark>;

export const pageStates = defineTopic({
  topic: 'paging.page-states.v1',
  eventType: 'com.pagebridge.page-state.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['page-delivery'],
  consumers: ['page-delivery'],
  cleanup: 'compact',
  readUnbounded: true,
  meaning: 'The ledger and durable queue of page-delivery: all pages of one alert; a tombstone means forgotten.',
  value,
});
