import { countIn, UsageError } from '@pagebridge/programs';
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
  ['--default-handle <handle>', 'whose team is paged if an alert names none', 'defaultHandle'],
  ['--without-default-for <names...>', 'names of alerts that it is not for', 'noDefaultFor'],
  ['--severity <severity=P1,…>', 'priorities of severities', 'severities', severitiesIn],
  ['--repeat-hours <count>', 'after which a firing alert is published again', 'repeatHours', hoursIn],
];

export const integrationsCommand = resourceCommand('integrations', 'Alerting systems that send alerts.', integrations, {
  ls: {
    kind: 'list',
    does: 'Lists the integrations of a source org, by their names.',
    examples: 'pagebridge integrations ls --org acme-us',
  },
  show: { kind: 'show', does: 'Shows its settings.', examples: 'pagebridge integrations show prometheus-eu' },
  create: {
    kind: 'create',
    does: 'Adds an integration. Then make a token for it: pagebridge tokens create --integration.',
    options: [
      ['--name <name>', 'its name, which begins the keys of its alerts and never changes', 'name'],
      ['--kind <kind>', 'the system that sends', 'kind', integrationKinds],
      ...settings,
    ],
    examples: 'pagebridge integrations create --name prometheus-eu --kind alertmanager --default-handle core-infra',
  },
  change: {
    kind: 'change',
    does: 'Changes settings of an integration; its name and kind stay.',
    options: [
      ...settings,
      ['--without-default-handle', 'nobody is paged if an alert names no handle', 'defaultHandle', () => null],
    ],
    ...{ method: 'PATCH', ifMatch: true },
    examples: 'pagebridge integrations change prometheus-eu --severity critical=P1,warning=P4',
  },
  rm: {
    kind: 'remove',
    does: 'Removes an integration, and revokes its tokens.',
    consequence: 'its tokens are revoked, so its alerts are refused.',
    ifMatch: true,
    examples: 'pagebridge integrations rm prometheus-eu --yes',
  },
});

function severitiesIn(text: string): readonly Item[] {
  return text.split(',').map((pair) => {
    const [, severity, priority] = /^(.+)=(P\d)$/.exec(pair.trim()) ?? [];
    if (severity !== undefined && priorities.some((known) => known === priority)) return { severity, priority };
    throw new UsageError(`--severity ${text}: give severity=priority, as in critical=P1,warning=P4`);
  });
}

function hoursIn(text: string): number {
  return countIn('--repeat-hours', text, 1, 168);
}
