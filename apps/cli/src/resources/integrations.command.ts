import { countIn, UsageError } from '@pagebridge/process';
import { integrationKinds, priorities } from '@pagebridge/vocabulary';
import type { Item } from '../output/items.ts';
import { resourceCommand } from './commands.ts';
import type { Given } from './given.ts';
import type { Resource } from './resource.ts';

const integrations: Resource = {
  noun: 'integration',
  service: 'connection-management',
  path: '/v1/source-orgs/{org}/integrations',
  names: ['name'],
  columns: 'name kind defaultHandle repeatHours',
  wide: 'noDefaultFor severities updatedAt',
};

const settings: readonly Given[] = [
  ['--default-handle <handle>', 'handle to page if an alert names none', 'defaultHandle'],
  ['--without-default-for <names...>', 'alert names for which the default handle is not used', 'noDefaultFor'],
  ['--severity <severity=P1,…>', 'priority for each severity', 'severities', severitiesIn],
  ['--repeat-hours <count>', 'interval in hours at which a firing alert is published again', 'repeatHours', hoursIn],
];

export const integrationsCommand = resourceCommand(
  'integrations',
  'Manage integrations with alerting systems.',
  integrations,
  {
    ls: {
      kind: 'list',
      does: 'List the integrations of a source org by name.',
      examples: 'pagebridge integrations ls --org acme-us',
    },
    show: {
      kind: 'show',
      does: 'Show the settings of an integration.',
      examples: 'pagebridge integrations show prometheus-eu',
    },
    create: {
      kind: 'create',
      does: 'Create an integration. Then create its token with pagebridge tokens create --integration.',
      options: [
        ['--name <name>', 'integration name; the prefix of its alert keys, cannot be changed', 'name'],
        ['--kind <kind>', 'kind of alerting system', 'kind', integrationKinds],
        ...settings,
      ],
      examples: 'pagebridge integrations create --name prometheus-eu --kind alertmanager --default-handle core-infra',
    },
    change: {
      kind: 'change',
      does: 'Change settings of an integration. Name and kind cannot be changed.',
      options: [
        ...settings,
        ['--without-default-handle', 'page nobody if an alert names no handle', 'defaultHandle', () => null],
      ],
      ...{ method: 'PATCH', ifMatch: true },
      examples: 'pagebridge integrations change prometheus-eu --severity critical=P1,warning=P4',
    },
    rm: {
      kind: 'remove',
      does: 'Delete an integration and revoke its tokens.',
      consequence: 'its tokens are revoked, so its alerts are rejected.',
      ifMatch: true,
      examples: 'pagebridge integrations rm prometheus-eu --yes',
    },
  },
);

function severitiesIn(text: string): readonly Item[] {
  return text.split(',').map((pair) => {
    const [, severity, priority] = /^(.+)=(P\d)$/.exec(pair.trim()) ?? [];
    if (severity !== undefined && priorities.some((known) => known === priority)) return { severity, priority };
    throw new UsageError(
      `--severity ${text}: not a list of severity=priority\nhint: use the form critical=P1,warning=P4`,
    );
  });
}

function hoursIn(text: string): number {
  return countIn('--repeat-hours', text, 1, 168);
}
