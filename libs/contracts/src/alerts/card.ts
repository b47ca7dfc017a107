import { orgIdPattern, origins, priorities, transitions } from '@pagebridge/vocabulary';
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

const orgForm = new RegExp(orgIdPattern);
const orgAlertsPrefix = 'paging.org-alerts.v1.';

/** The topic that a source org may own: whoever may write there pages in its name, and in no other. */
export const orgAlertTopicOf = (sourceOrg: string): string => orgAlertsPrefix + sourceOrg;

/** The group in which page-routing reads these topics: apart from that of the shared topic, which is read on while this one changes. */
export const orgAlertsGroup = 'page-routing-org-alerts';

/** The source org that owns this topic; undefined for any other topic. */
export function ownerOf(topic: string): string | undefined {
  const owner = topic.slice(orgAlertsPrefix.length);
  return topic.startsWith(orgAlertsPrefix) && orgForm.test(owner) ? owner : undefined;
}

/** What the card of the shared topic says, of the topic of one source org. */
export const orgAlertsCard = (sourceOrg: string): typeof alerts => ({
  ...alerts,
  topic: orgAlertTopicOf(sourceOrg),
  meaning:
    'An alerting thing of the source org that owns the topic changed state; its settings say whether it is read.',
});

/** The card of a topic of alerts, the shared one or that of an org; undefined for any other topic. */
export function alertsCardOf(topic: string): typeof alerts | undefined {
  const owner = ownerOf(topic);
  if (owner !== undefined) return orgAlertsCard(owner);
  return topic === alerts.topic ? alerts : undefined;
}
