import { alertTopicUses } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { count, moment, oneOf, sourceOrg, teamHandle } from '../schema/fields.ts';

const value = Type.Object({
  sourceOrg,
  localHandles: Type.Array(teamHandle, {
    maxItems: 10_000,
    uniqueItems: true,
    description: "The org's own team handles: Pagebridge does not page for mentions of them.",
  }),
  fallbackHandle: Type.Optional(
    Type.String({ ...teamHandle, description: 'Handle that is paged if an alert mentions an unknown handle.' }),
  ),
  alertTopic: Type.Optional(
    oneOf(
      alertTopicUses,
      'Topics from which its alerts are read: `paging.alerts.v1`, its own topic, or both; default `shared`.',
    ),
  ),
  alertTopicSince: Type.Optional(
    moment('Time since which this applies: earlier alerts in the shared topic are not refused.'),
  ),
  version: count('Incremented with each change; readers ignore older versions.'),
});

export type SourceOrg = Static<typeof value>;

export const sourceOrgs = defineTopic({
  topic: 'paging.source-orgs.v1',
  eventType: 'com.pagebridge.source-org.v1',
  key: '<sourceOrg>',
  order: 'per source org',
  producers: ['connection-management'],
  consumers: ['connection-management', 'handle-sync', 'page-routing', 'alert-intake'],
  cleanup: 'compact',
  meaning: 'The current settings of a source org.',
  value,
});
