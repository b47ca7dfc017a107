import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const [, table = ''] = read('docs/security.md').split('## OWASP ASVS 5.0');
const rows = table.split('\n').filter((line) => /^\| \d/.test(line));

describe('each row of the ASVS table', () => {
  it('names the requirements, their level, what is done, and a test', () => {
    const malformed = rows.filter(
      (row) => !/^(\| \d+\.\d+\.\d+(, \d+\.\d+\.\d+)*) \| [12] \| [^|]+ \| `\S+`: [^|]+ \|$/.test(row),
    );
    expect(malformed).toEqual([]);
    expect(rows.length).toBeGreaterThan(30);
  });

  it('is shown by a test that there is', () => {
    const missing = rows.flatMap((row) => {
      const [, file = '', title = ''] = /`(\S+\.spec\.ts)`: (.+?) \|$/.exec(row) ?? [];
      const isThere = file !== '' && existsSync(join(root, file)) && read(file).includes(title);
      return isThere ? [] : [row];
    });
    expect(missing).toEqual([]);
  });
});
