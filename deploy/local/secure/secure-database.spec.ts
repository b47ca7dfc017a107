import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '../folder.ts';
import { tableRights } from './secure-database.ts';

it('a secure stack grants the user of the service the rights in the documentation', () => {
  const document = readFileSync(join(root, 'docs/how-to/database-users.md'), 'utf8');
  const grants = document.matchAll(/GRANT (.+) ON pagebridge\.(\w+) TO 'pagebridge'@/g);
  expect(tableRights).toEqual(Object.fromEntries([...grants].map(([, rights, table]) => [table, rights])));
});
