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
});
