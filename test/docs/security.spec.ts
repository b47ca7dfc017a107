import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const [, tables = ''] = read('docs/security.md').split('## OWASP ASVS 5.0');
const rows = tables.split('\n').filter((line) => /^\| \d/.test(line));

describe('each row of the ASVS tables', () => {
  it('names requirements, a measure, and tests', () => {
    const malformed = rows.filter(
      (row) => !/^\| \d+\.\d+\.\d+(, \d+\.\d+\.\d+)* \| [^|]+ \| `\S+`: [^|`]+(; `\S+`: [^|`]+)* \|$/.test(row),
    );
    expect(malformed).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });

  it('names tests that exist', () => {
    const missing = rows.flatMap((row) => {
      const tests = (row.split(' | ')[2] ?? '').replace(/ \|$/, '').split(/; (?=`)/);
      return tests.filter((test) => {
        const [, file = '', title = ''] = /^`(\S+\.spec\.ts)`: (.+)$/.exec(test) ?? [];
        return file === '' || !existsSync(join(root, file)) || !read(file).includes(title);
      });
    });
    expect(missing).toEqual([]);
  });
});
