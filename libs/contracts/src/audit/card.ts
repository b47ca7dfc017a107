import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { count, eitherKind, id, line, time } from '../schema/fields.ts';

/** The key of records that concern no known source org. */
export const noSourceOrg = '-';
/** Issuer and subject have up to 256 characters each, with `#` in between. */
const actor = line(513, 'Who: `<issuer>#<subject>`.');
const word = '^[a-z0-9]+(?:[.-][a-z0-9]+)*$';

const common = {
  sourceOrg: Type.String({
    pattern: `^-$|${orgIdPattern}`,
    maxLength: 63,
    description: 'The source org concerned; `-` if none is known.',
  }),
  service: Type.String({ pattern: word, maxLength: 63, description: 'Service or program that writes the record.' }),
  requestId: Type.Optional(id(128, 'Id of the HTTP request; for denials that of the first one.')),
};
const view = (description: string) => Type.Optional(Type.Object({}, { description }));

const entry = Type.Object({
  kind: Type.Literal('entry'),
  ...common,
  actor,
  onBehalfOf: Type.Optional(line(128, 'On whose behalf, as the actor claims; not verified.')),
  action: Type.String({ pattern: word, maxLength: 32, description: 'The action, such as `connection.changed`.' }),
  target: id(249, 'Object of the action: a connection, a source org, a topic.'),
  before: view('State before the action, in at most 1 KiB together with `after`; absent if there was none.'),
  after: view('State after the action; absent if there is none.'),
  omitted: Type.Optional(
    Type.Boolean({ description: 'True: a previous version omitted before and after, because they were too large.' }),
  ),
  at: time('Time of the action.'),
});

const denials = Type.Object({
  kind: Type.Literal('denials'),
  ...common,
  actor: Type.Optional(actor),
  route: line(256, 'Method and pattern of the path; `*` in an overflow record.'),
  reason: Type.String({
    pattern: word,
    maxLength: 64,
    description: 'Reason, such as `missing-permission`; `overflow` if there were too many different denials.',
  }),
  permission: Type.Optional(line(64, 'The missing permission.')),
  count: count('Number of denied requests.'),
  minute: time('Minute of the first one.'),
  at: time('Time of the last one.'),
});

const value = eitherKind(entry, denials);

/** An action and its actor, or denied requests and their caller. */
export type AuditRecord = Static<typeof value>;

export const audit = defineTopic({
  topic: 'paging.audit.v1',
  eventType: 'com.pagebridge.audit.v1',
  key: '<sourceOrg>',
  order: 'per source org of one service',
  producers: ['connection-management', 'handle-sync', 'page-routing', 'dead-letters', 'page-history', 'alert-intake'],
  consumers: ['subscribers'],
  cleanup: 'delete',
  retentionMs: 90 * 24 * 60 * 60 * 1000,
  deadLetter: false,
  meaning: 'Who changed what, and who was denied what, at least once each; contains no secrets.',
  value,
});
