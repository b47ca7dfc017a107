import { alertTopicUses } from '@pagebridge/vocabulary';
import { resourceCommand } from './commands.ts';

const orgs = {
  noun: 'org',
  service: 'connection-management',
  path: '/v1/source-orgs',
  names: ['sourceOrg'],
  columns: 'sourceOrg connections fallbackHandle updatedAt',
} as const;

export const orgsCommand = resourceCommand('orgs', 'Source orgs, whose alerts page.', orgs, {
  ls: { kind: 'list', does: 'Lists the source orgs that you may see.', examples: 'pagebridge orgs ls' },
  show: { kind: 'show', does: 'Shows the settings of a source org.', examples: 'pagebridge orgs show acme-us' },
  change: {
    kind: 'change',
    of: { ...orgs, columns: 'sourceOrg fallbackHandle alertTopic localHandles updatedAt' },
    does: 'Changes settings of a source org; what is not given stays.',
    options: [
      ['--fallback <handle>', 'whose team is paged for unknown handles, without @oncall-', 'fallbackHandle'],
      ['--without-fallback', 'unknown handles page nobody', 'fallbackHandle', () => null],
      ['--alert-topic <which>', 'whose topics its alerts are read from', 'alertTopic', alertTopicUses],
      ['--local-handle <handles...>', 'all handles of its own teams, mentions of which are ignored', 'localHandles'],
      ['--without-local-handles', 'it has none', 'localHandles', () => []],
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

export const dataCentersCommand = resourceCommand('data-centers', 'Where destinations can be.', dataCenters, {
  ls: {
    kind: 'list',
    does: 'Lists the data centers that connections can lead to.',
    examples: `pagebridge data-centers ls
      pagebridge data-centers ls -o name`,
  },
});
