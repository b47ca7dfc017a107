import { origins, priorities, transitions } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { alertKey, links, oneOf, sourceOrg, tags, time } from '../schema/fields.ts';

export const maxAlertMessageLength = 262_144;

const value = Type.Object({
  sourceOrg,
  alertKey,
  transition: oneOf(transitions, 'What happened to the alerting thing; `recovered` ends it.'),
  origin: oneOf(origins, 'What wrote the alert; `manual` is refused, since only automation pages across orgs.'),
  title: Type.String({ minLength: 1, maxLength: 1024, description: 'One line.' }),
  message: Type.String({
    maxLength: maxAlertMessageLength,
    description: 'Rendered text, with its `@oncall-` handles.',
  }),
  priority: Type.Optional(oneOf(priorities, 'P4 and P5 page with low urgency.')),
  tags: Type.Optional(tags),
  links: Type.Optional(links),
  occurredAt: time('When the transition happened at the source; orders the events of one alert.'),
  recipients: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 260 }), {
      maxItems: 100,
      description: 'Handles without `@`, as notification rules carry them: `oncall-core-infra`.',
    }),
  ),
});

/** An event of a source org's alerting system. */
export type Alert = Static<typeof value>;

export const alerts = defineTopic({
  topic: 'paging.alerts.v1',
  eventType: 'com.pagebridge.alert.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['alert producers'],
  consumers: ['page-routing'],
  cleanup: 'delete',
  // Wider than what can be routed: a record that is too large is parked with its reason, instead of refused by the broker.
  maxMessageBytes: 8 * 1024 * 1024,
  // The age of an alert must not depend on the clock of its source.
  timestampType: 'LogAppendTime',
  meaning: 'An alerting thing of a source org changed state; the text may mention handles to page.',
  value,
});
