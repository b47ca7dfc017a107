import { alertTopicUses } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { count, moment, oneOf, sourceOrg, teamHandle } from '../schema/fields.ts';

const value = Type.Object({
  sourceOrg,
  localHandles: Type.Array(teamHandle, {
    maxItems: 10_000,
    uniqueItems: true,
    description: "The org's own team handles: mentions of them are left to the org itself.",
  }),
  fallbackHandle: Type.Optional(
    Type.String({ ...teamHandle, description: 'Pages this team where an alert names a handle that nobody knows.' }),
  ),
  alertTopic: Type.Optional(
    oneOf(
      alertTopicUses,
      'Where its alerts are read: `paging.alerts.v1`, its own topic, or both; `shared` where not said.',
    ),
  ),
  alertTopicSince: Type.Optional(
    moment('Since when that is so: of what was written to the shared topic before, none is refused.'),
  ),
  version: count('Grows with each change; a reader ignores an older one.'),
});

/** The settings of a source org. */
export type SourceOrg = Static<typeof value>;

export const sourceOrgs = defineTopic({
  topic: 'paging.source-orgs.v1',
  eventType: 'com.pagebridge.source-org.v1',
  key: '<sourceOrg>',
  order: 'per source org',
  producers: ['connection-management'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: "The source org's settings as they now stand.",
  value,
});
