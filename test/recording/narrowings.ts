import type { Row } from './tables.ts';

/** What must be known of a schema to tell whether programs of an older one still write to it. */
export interface Schema {
  readonly columns: readonly Row[];
  readonly uniques: readonly Row[];
}

export const columnsQuery = `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`;
export const uniquesQuery = `SELECT DISTINCT TABLE_NAME, INDEX_NAME
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0`;

/** Why what was written to `before` may be refused by `after`, one line each; a migration may only expand. */
export function narrowings(before: Schema, after: Schema): string[] {
  const now = new Map(after.columns.map((column) => [nameOf(column), column]));
  const was = new Map(before.columns.map((column) => [nameOf(column), column]));
  const tables = new Set(before.columns.map(({ TABLE_NAME }) => TABLE_NAME));
  const indexes = new Set(before.uniques.map(indexOf));
  return [
    ...[...was].flatMap(([name, column]) => changesOf(name, column, now.get(name))),
    ...[...now]
      .filter(([name, column]) => tables.has(column.TABLE_NAME) && !was.has(name) && !isLeftOut(column))
      .map(([name]) => `${name} is new, and a row without it is refused`),
    ...after.uniques
      .filter((index) => tables.has(index.TABLE_NAME) && !indexes.has(indexOf(index)))
      .map((index) => `${indexOf(index)} is a new unique index`),
  ];
}

const nameOf = ({ TABLE_NAME, COLUMN_NAME }: Row): string => `${TABLE_NAME}.${COLUMN_NAME}`;
const indexOf = ({ TABLE_NAME, INDEX_NAME }: Row): string => `${TABLE_NAME}.${INDEX_NAME}`;

function changesOf(name: string, was: Row, now: Row | undefined): string[] {
  if (!now) return [`${name} is gone`];
  const [before, after] = [String(was.COLUMN_TYPE), String(now.COLUMN_TYPE)];
  return [
    ...(isAsWide(before, after) ? [] : [`${name} was ${before} and is ${after}`]),
    ...(was.IS_NULLABLE === 'YES' && now.IS_NULLABLE === 'NO' ? [`${name} may no longer be null`] : []),
    ...(isLeftOut(was) && !isLeftOut(now) ? [`${name} may no longer be left out`] : []),
  ];
}

/** Whether a row may be written without it. */
const isLeftOut = ({ IS_NULLABLE, COLUMN_DEFAULT, EXTRA }: Row): boolean =>
  IS_NULLABLE === 'YES' || COLUMN_DEFAULT !== null || /auto_increment|GENERATED/.test(String(EXTRA));

const integers = ['tinyint', 'smallint', 'int', 'bigint'];
const sized = /^(\w+)\((\d+)\)(.*)$/;

function isAsWide(before: string, after: string): boolean {
  if (before === after) return true;
  const [was, now] = [sized.exec(before), sized.exec(after)];
  if (!was || !now || was[3] !== now[3] || Number(now[2]) < Number(was[2])) return false;
  const [from = '', to = ''] = [was[1], now[1]];
  return from === to || (integers.includes(from) && integers.indexOf(to) > integers.indexOf(from));
}
