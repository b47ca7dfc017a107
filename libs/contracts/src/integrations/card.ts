import { integrationKinds, priorities } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { count, integration, line, oneOf, sourceOrg, teamHandle } from '../schema/fields.ts';

const value = Type.Object({
  sourceOrg,
  name: integration,
  kind: oneOf(integrationKinds, 'The system that sends: it determines the path and the form of its requests.'),
  defaultHandle: Type.Optional(
    Type.String({ ...teamHandle, description: 'Handle that is paged if an alert names none.' }),
  ),
  noDefaultFor: Type.Array(line(256, 'Name of an alert.'), {
    maxItems: 100,
    description: 'Names of alerts for which the default handle is not used, such as alerts that always fire.',
  }),
  severities: Type.Array(
    Type.Object(
      {
        severity: line(64, 'Severity as the source names it, in lower case.'),
        priority: oneOf(priorities, 'Its priority.'),
      },
      { additionalProperties: false },
    ),
    { maxItems: 50, description: 'Priorities of severities; they extend or replace the defaults.' },
  ),
  repeatHours: Type.Integer({
    minimum: 1,
    maximum: 168,
    description: 'Hours after which a firing alert is published again.',
  }),
  version: count('Incremented with each change; readers ignore older versions.'),
});

/** An alerting system that sends alerts of a source org over HTTP. */
export type Integration = Static<typeof value>;

/** Returns the key of an integration. */
export const integrationKeyOf = ({ sourceOrg, name }: Pick<Integration, 'sourceOrg' | 'name'>): string =>
  `${sourceOrg}/${name}`;

export const integrations = defineTopic({
  topic: 'paging.integrations.v1',
  eventType: 'com.pagebridge.integration.v1',
  key: '<sourceOrg>/<name>',
  order: 'per integration',
  producers: ['connection-management'],
  consumers: ['alert-intake'],
  cleanup: 'compact',
  meaning:
    'The current settings of an integration, through which an alerting system sends alerts; a tombstone means deleted.',
  value,
});
