import { resourceCommand } from './commands.ts';
import { momentFor } from './given.ts';

const audit = {
  noun: 'entry',
  service: 'connection-management',
  path: '/v1/source-orgs/{org}/audit',
  names: ['id'],
  columns: 'at action target actor onBehalfOf',
  wide: 'requestId',
} as const;

export const auditCommand = resourceCommand('audit', 'List changes in a source org.', audit, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'List changes in a source org, newest first. -o yaml prints the values before and after.',
    options: [
      ['--action <action>', 'only this action, such as connection.changed', 'action'],
      ['--actor <actor>', 'only changes by this caller: <issuer>#<subject>', 'actor'],
      ['--target <target>', 'only changes of this connection or token (id), or integration (name)', 'target'],
      ['--from <time>', 'start of the period: RFC 3339 or an age (90s, 30m, 4h, 7d)', 'from', momentFor('--from')],
      ['--to <time>', 'end of the period, in the same formats', 'to', momentFor('--to')],
    ],
    examples: `pagebridge audit ls --from 4h
      pagebridge audit ls --action connection.changed -o yaml`,
  },
});
