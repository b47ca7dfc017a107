import { transitions, urgencies } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { maxPageDescriptionLength } from '../page-commands/card.ts';
import { outcomes } from '../page-outcomes/card.ts';
import {
  alertKey,
  connectionId,
  count,
  eventId,
  failover,
  failoverOf,
  generation,
  id,
  line,
  links,
  matchedHow,
  mention,
  moment,
  oneOf,
  pageId,
  sourceOrg,
  tags,
  teamHandle,
  teamId,
  text,
  time,
  trace,
} from '../schema/fields.ts';
import { longestInstant } from '../schema/instant.ts';
import { mostBytesOf } from '../schema/most-bytes.ts';

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
/** The most joined page ids that a page keeps; the latest ones. */
export const mostJoined = 10;
export const mostErrorLength = 240;
export type PageStatus = (typeof pageStatuses)[number];

const command = Type.Object(
  {
    id: id(256, 'CloudEvents id of the command.'),
    source: id(512, 'Who gave it.'),
    time: text(longestInstant, 'When it was given; empty where that was not said.'),
    offset: count('Where it stands in its partition of the commands.'),
    transition: oneOf(transitions, 'The transition that pages.'),
    handle: mention(280, 'The handle as mentioned.'),
    matched: oneOf(
      matchedHow,
      'How the mention was recognised; `fallback`: it was not, and the fallback handle stands in.',
    ),
    ambiguousWith: Type.Optional(Type.Array(connectionId, { maxItems: 100 })),
  },
  { description: 'What else is needed to write the command again as a dead letter; kept as long as the content.' },
);

const page = Type.Object({
  pageId,
  connectionId,
  teamId,
  teamHandle,
  urgency: oneOf(urgencies, 'Urgency of the page.'),
  status: oneOf(pageStatuses, 'Where the page is in its life.'),
  alertEventId: eventId,
  occurredAt: time('When the alert happened at the source.'),
  triggeredAt: moment(
    'Latest trigger this page stands for, its own or one that joined; an older recovery leaves it open.',
  ),
  acceptedAt: time('When delivery took the command into its ledger; the maximum age counts from here.'),
  attempts: count('Calls made to create it.'),
  resolveAttempts: count('Calls made to resolve it.'),
  badAnswers: Type.Optional(count('Answers that said it was created without naming it.')),
  nextAttemptAt: time('Not called before this.'),
  possibleDuplicate: Type.Boolean({ description: 'An earlier call may have created the page without our knowing.' }),
  destinationPageId: Type.Optional(line(256, "The destination's id of the page.")),
  deliveredAt: Type.Optional(time('When the destination accepted it.')),
  resolveRequestedAt: Type.Optional(time('When its end was decided; the maximum age of resolving counts from here.')),
  endedAt: Type.Optional(time('When it was resolved, superseded or given up.')),
  ending: Type.Optional(
    oneOf(
      ['recovered', 'replaced', 'failed-over', 'not-needed'],
      'Decided while a call was under way: how it ends once the answer is known.',
    ),
  ),
  replacedBy: Type.Optional(pageId),
  failover: Type.Optional(failover),
  failedOverTo: Type.Optional(pageId),
  failoverOf: Type.Optional(failoverOf),
  reason: Type.Optional(text(64, 'Why it ended, as a word.')),
  lastError: Type.Optional(line(mostErrorLength, 'What the last failed call met, or why it ended.')),
  joined: Type.Array(pageId, {
    maxItems: mostJoined,
    description: 'Latest commands that joined this page instead of paging.',
  }),
  unreported: Type.Array(oneOf(outcomes, 'Outcome.'), {
    maxItems: 8,
    description:
      'Outcomes not yet known to be written: whoever reads the ledger next writes them again, same event id.',
  }),
  traceparent: Type.Optional(trace('Trace of its command.')),
  replayedFrom: Type.Optional(
    text(320, 'The dead letter whose replay made this page a new attempt; that replay, read again, changes nothing.'),
  ),
  command: Type.Optional(command),
  content: Type.Optional(
    Type.Object(
      { title: text(1024, 'One line.'), description: text(maxPageDescriptionLength, 'The message.'), tags, links },
      { description: 'Kept until the page has been delivered or has ended.' },
    ),
  ),
  contentOf: Type.Optional(pageId),
});

const { content: _content, ...withoutContent } = page.properties;
const { command: _command, failover: _failover, ...ended } = withoutContent;
const gathered = [
  'destinationPageId',
  'deliveredAt',
  'resolveRequestedAt',
  'endedAt',
  'ending',
  'replacedBy',
  'failedOverTo',
  'reason',
  'lastError',
  'joined',
  'unreported',
  'contentOf',
] as const;

/** The most bytes in the ledger of a page without its content, of an ended page, and of the fields that a page gathers. */
export const mostPageBytes = {
  live: mostBytesOf(Type.Object(withoutContent)),
  ended: mostBytesOf(Type.Object(ended)),
  gathered: mostBytesOf(Type.Pick(page, gathered)),
} as const;

const outcomeWatermark = Type.Object(
  {
    write: count('Of the same owner, those up to this write.'),
    before: count('Of former owners, those before this offset: its owner had read so far when it took over.'),
  },
  { description: 'The states of this partition whose outcomes are all written, whatever `unreported` says in them.' },
);

const value = Type.Object({
  sourceOrg,
  alertKey,
  generation,
  write: Type.Optional(count('Which of the writes of its owner to this partition it belongs to, from 1.')),
  told: Type.Optional(outcomeWatermark),
  lastEventAt: moment('Latest `occurredAt` seen for this alert; an older event changes nothing decided since.'),
  recoveredAt: Type.Optional(moment('Latest recovery seen.')),
  recoveredBy: Type.Optional(eventId),
  updatedAt: time('When delivery wrote this.'),
  pages: Type.Array(page, { maxItems: 1000 }),
});

/** One page in delivery's ledger. */
export type PageState = Static<typeof page>;
/** Everything open or recent for one alert identity: delivery's ledger and its work queue. */
export type AlertState = Omit<AlertRecord, 'write' | 'told'>;
/** The state as it is written, with the number of its owner's write and the outcome watermark. */
export type AlertRecord = Static<typeof value>;
/** Up to where the outcomes of a partition of the ledger are published. */
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
  meaning: "Delivery's ledger and durable queue: all pages of one alert; a tombstone means forgotten.",
  value,
});
