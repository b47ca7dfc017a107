import { alertTopicUses } from '@pagebridge/vocabulary';
import { resourceCommand } from './commands.ts';

const orgs = {
  noun: 'org',
  service: 'connection-management',
  path: '/v1/source-orgs',
  names: ['sourceOrg'],
  columns: 'sourceOrg connections fallbackHandle updatedAt',
} as const;

export const orgsCommand = resourceCommand('orgs', 'Manage source orgs: the orgs that send alerts.', orgs, {
  ls: { kind: 'list', does: 'List the source orgs that you can access.', examples: 'pagebridge orgs ls' },
  show: { kind: 'show', does: 'Show the settings of a source org.', examples: 'pagebridge orgs show acme-us' },
  change: {
    kind: 'change',
    of: { ...orgs, columns: 'sourceOrg fallbackHandle alertTopic localHandles updatedAt' },
    does: 'Change settings of a source org. Settings without an option are kept.',
    options: [
      ['--fallback <handle>', 'handle, without @oncall-, whose team is paged for unknown handles', 'fallbackHandle'],
      ['--without-fallback', 'page nobody for unknown handles', 'fallbackHandle', () => null],
      ['--alert-topic <which>', 'topics from which its alerts are read', 'alertTopic', alertTopicUses],
      ['--local-handle <handles...>', 'handles of its own teams, which are ignored; replaces the list', 'localHandles'],
      ['--without-local-handles', 'remove all local handles', 'localHandles', () => []],
    ],
    ...{ method: 'PUT', ifMatch: true, keeps: ['localHandles', 'fallbackHandle', 'alertTopic'] },
    examples: `pagebridge orgs change acme-us --fallback core-infra
      pagebridge orgs change acme-us --local-handle web db
      pagebridge orgs change acme-us --alert-topic both`,
  },
});

const dataCenters = {
  noun: 'data center',
  service: 'connection-management',
  path: '/v1/data-centers',
  names: ['name'],
  columns: 'name site location',
  wide: 'apiUrl pagingUrl',
} as const;

export const dataCentersCommand = resourceCommand(
  'data-centers',
  'List the data centers of destinations.',
  dataCenters,
  {
    ls: {
      kind: 'list',
      does: 'List the data centers that a connection can use.',
      examples: `pagebridge data-centers ls
      pagebridge data-centers ls -o name`,
    },
  },
);
