import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { count, eitherKind, id, line, time } from '../schema/fields.ts';

/** The key of what belongs to no source org that is known. */
export const noSourceOrg = '-';
/** The most bytes that `before` and `after` take together, as JSON; larger ones are left out. */
export const mostViewBytes = 64 * 1024;
/** Of an issuer, and of its subject, 256 characters each, with `#` between them. */
const actor = line(513, 'Who: `<issuer>#<subject>`.');
const word = '^[a-z0-9]+(?:[.-][a-z0-9]+)*$';

const common = {
  sourceOrg: Type.String({
    pattern: `^-$|${orgIdPattern}`,
    maxLength: 63,
    description: 'The source org that it concerns; `-` where none is known.',
  }),
  service: Type.String({ pattern: word, maxLength: 63, description: 'Where it happened.' }),
  requestId: Type.Optional(id(128, 'Of the HTTP request; of denials that of the first.')),
};
const view = (description: string) => Type.Optional(Type.Object({}, { description }));

const entry = Type.Object({
  kind: Type.Literal('entry'),
  ...common,
  actor,
  onBehalfOf: Type.Optional(line(128, 'For whom the actor said to do it; nobody has checked that.')),
  action: Type.String({ pattern: word, maxLength: 32, description: 'What was done, as in `connection.changed`.' }),
  target: id(249, 'What it was done to: a connection, a source org, a topic.'),
  before: view('What was changed, before; left out where there was nothing.'),
  after: view('The same after it; left out where there is nothing.'),
  omitted: Type.Optional(Type.Boolean({ description: 'True: before and after are too large for a record.' })),
  at: time('When.'),
});

const denials = Type.Object({
  kind: Type.Literal('denials'),
  ...common,
  actor: Type.Optional(actor),
  route: line(256, 'Method and pattern of the path; `*` for all that are not told apart.'),
  reason: Type.String({
    pattern: word,
    maxLength: 64,
    description: 'Why, as in `missing-permission`; `overflow` where too many were denied to be told apart.',
  }),
  permission: Type.Optional(line(64, 'The permission that was missing.')),
  count: count('How many requests were denied.'),
  minute: time('The minute of the first of them.'),
  at: time('When the last of them was.'),
});

const value = eitherKind(entry, denials);

/** What was done and by whom, or what was denied and to whom. */
export type AuditRecord = Static<typeof value>;

export const audit = defineTopic({
  topic: 'paging.audit.v1',
  eventType: 'com.pagebridge.audit.v1',
  key: '<sourceOrg>',
  order: 'per source org of one service',
  producers: ['connection-management', 'handle-sync', 'page-routing', 'dead-letters'],
  consumers: ['subscribers'],
  cleanup: 'delete',
  retentionMs: 90 * 24 * 60 * 60 * 1000,
  deadLetter: false,
  meaning: 'Who changed what, and who was denied what, at least once each; nothing in it is secret.',
  value,
});
