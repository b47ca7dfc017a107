import { orgIdPattern, origins, priorities, transitions } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { alertKey, links, oneOf, sourceOrg, tags, time } from '../schema/fields.ts';

const value = Type.Object({
  sourceOrg,
  alertKey,
  transition: oneOf(transitions, 'Transition of the alert; `recovered` ends it.'),
  origin: oneOf(origins, 'Origin of the alert; `manual` is rejected, because only automated alerts page across orgs.'),
  title: Type.String({ minLength: 1, maxLength: 1024, description: 'One line.' }),
  message: Type.String({
    maxLength: 262_144,
    description: 'Rendered text, with its `@oncall-` handles.',
  }),
  priority: Type.Optional(oneOf(priorities, 'P4 and P5 page with low urgency.')),
  tags: Type.Optional(tags),
  links: Type.Optional(links),
  occurredAt: time('Time of the transition at the source; determines the order of the events of one alert.'),
  recipients: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 260 }), {
      maxItems: 100,
      description: 'Handles without `@`, as in notification rules: `oncall-core-infra`.',
    }),
  ),
});

export type Alert = Static<typeof value>;

export const alerts = defineTopic({
  topic: 'paging.alerts.v1',
  eventType: 'com.pagebridge.alert.v1',
  key: '<sourceOrg>/<alertKey>',
  order: 'per alert identity',
  producers: ['alert producers', 'alert-intake'],
  consumers: ['page-routing', 'page-history'],
  cleanup: 'delete',
  // Larger than page-routing reads, so that a record that is too large is parked with a reason instead of refused by the broker.
  maxMessageBytes: 8 * 1024 * 1024,
  // The age of an alert must not depend on the clock of its source.
  timestampType: 'LogAppendTime',
  meaning: 'An alert of a source org was triggered, changed or recovered; its text can mention handles.',
  value,
});

const orgForm = new RegExp(orgIdPattern);
const orgAlertsPrefix = 'paging.org-alerts.v1.';

/** Returns the own alert topic of a source org: its producers can page for this source org only. */
export const orgAlertTopicOf = (sourceOrg: string): string => orgAlertsPrefix + sourceOrg;

/** The group in which page-routing reads own alert topics; separate, so that the shared topic is read on when these topics change. */
export const orgAlertsGroup = 'page-routing-org-alerts';

/** Returns the source org that owns a topic; undefined for any other topic. */
export function ownerOf(topic: string): string | undefined {
  const owner = topic.slice(orgAlertsPrefix.length);
  return topic.startsWith(orgAlertsPrefix) && orgForm.test(owner) ? owner : undefined;
}

/** Returns the card of the own alert topic of a source org, which is like that of the shared topic. */
export const orgAlertsCard = (sourceOrg: string): typeof alerts => ({
  ...alerts,
  topic: orgAlertTopicOf(sourceOrg),
  meaning:
    'An alert of the source org that owns the topic; the settings of the org determine whether page-routing reads it.',
});

/** Returns the card of the shared or an own alert topic; undefined for any other topic. */
export function alertsCardOf(topic: string): typeof alerts | undefined {
  const owner = ownerOf(topic);
  if (owner !== undefined) return orgAlertsCard(owner);
  return topic === alerts.topic ? alerts : undefined;
}
