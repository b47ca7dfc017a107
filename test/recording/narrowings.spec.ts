import { describe, expect, it } from '@jest/globals';
import { narrowings, type Schema } from './tables.ts';

const column = (name: string, type: string, its: object = {}) => ({
  TABLE_NAME: 'pages',
  COLUMN_NAME: name,
  COLUMN_TYPE: type,
  IS_NULLABLE: 'NO',
  COLUMN_DEFAULT: null,
  EXTRA: '',
  ...its,
});
const nullable = { IS_NULLABLE: 'YES' };
const schema = (...columns: object[]): Schema => ({ columns: columns as Schema['columns'], uniques: [] });
const before = schema(column('id', 'int(11)'), column('name', 'varchar(64)', nullable));

describe('a migration', () => {
  it('may add tables and columns that can be left out, and widen others', () => {
    const others = { ...column('id', 'int(11)'), TABLE_NAME: 'others' };
    const added = [column('note', 'text', nullable), column('state', 'char(1)', { COLUMN_DEFAULT: "'a'" }), others];
    const widened = [column('id', 'bigint(20)'), column('name', 'varchar(128)', nullable)];
    const uniques = [{ TABLE_NAME: 'others', INDEX_NAME: 'PRIMARY' }];
    expect(narrowings(before, { ...schema(...widened, ...added), uniques })).toEqual([]);
  });

  it.each([
    ['drops or renames a column', [column('id', 'int(11)')], 'pages.name is gone'],
    ['makes a column shorter', [column('id', 'int(11)'), column('name', 'varchar(32)', nullable)], 'was varchar(64)'],
    ['makes a number smaller', [column('id', 'smallint(6)'), column('name', 'varchar(64)', nullable)], 'was int(11)'],
    ['gives it another type', [column('id', 'int(11)'), column('name', 'date', nullable)], 'and is date'],
    ['refuses null', [column('id', 'int(11)'), column('name', 'varchar(64)')], 'may no longer be null'],
    ['needs another column', [...before.columns, column('note', 'text')], 'pages.note is new'],
  ])('is told where it %s', (_what, columns, complaint) => {
    expect(narrowings(before, schema(...columns)).join()).toContain(complaint);
  });

  it('is told where it makes an index unique that was none', () => {
    const uniques = [{ TABLE_NAME: 'pages', INDEX_NAME: 'by_name' }];
    expect(narrowings(before, { ...before, uniques })).toEqual(['pages.by_name is a new unique index']);
  });
});
