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

export const auditCommand = resourceCommand('audit', 'Who changed what.', audit, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'Lists what was changed in a source org, newest first. Before and after: -o yaml.',
    options: [
      ['--action <action>', 'only this one, as in connection.changed', 'action'],
      ['--actor <actor>', 'only of this caller: <issuer>#<subject>', 'actor'],
      ['--target <target>', 'only of this connection or token, by its id, or of this integration', 'target'],
      ['--from <time>', 'RFC 3339, or how long ago: 90s 30m 4h 7d', 'from', momentFor('--from')],
      ['--to <time>', 'the same', 'to', momentFor('--to')],
    ],
    examples: `pagebridge audit ls --from 4h
      pagebridge audit ls --action connection.changed -o yaml`,
  },
});
