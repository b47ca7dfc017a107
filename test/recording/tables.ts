import { type Connection, createConnection, escapeId } from 'mysql2/promise';

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

/** The tables of a database as SQL: how each is made, and its rows by the names of their columns. */
export function dumpTables(url: string): Promise<string> {
  return connected(url, async (connection) => {
    const tables = (await rowsOf(connection, 'SHOW TABLES')).map((row) => String(Object.values(row)[0])).toSorted();
    const dumped: string[] = [];
    for (const table of tables) dumped.push(await madeBy(connection, table), ...(await rowsIn(connection, table)));
    return ['SET FOREIGN_KEY_CHECKS = 0;', ...dumped, ''].join('\n');
  });
}

/** Makes the database, and in it what `dumpTables` wrote. */
export async function loadTables(url: string, sql: string): Promise<void> {
  const server = new URL(url);
  const database = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/';
  await connected(server.href, async (connection) => {
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${escapeId(database)} CHARACTER SET utf8mb4`);
  });
  await runSql(url, sql);
}

export const runSql = (url: string, sql: string): Promise<void> =>
  connected(url, async (connection) => {
    await connection.query(sql);
  });

/** What a query answers. */
export const askSql = (url: string, sql: string): Promise<Row[]> =>
  connected(url, (connection) => rowsOf(connection, sql));

type Row = Readonly<Record<string, unknown>>;

async function connected<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const asText = { dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, jsonStrings: true };
  const connection = await createConnection({ uri: url, timezone: 'Z', multipleStatements: true, ...asText });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function rowsOf(connection: Connection, sql: string): Promise<Row[]> {
  const [rows] = await connection.query(sql);
  return rows as Row[];
}

async function madeBy(connection: Connection, table: string): Promise<string> {
  const [made] = await rowsOf(connection, `SHOW CREATE TABLE ${escapeId(table)}`);
  return `\n${made?.['Create Table']};`;
}

// What the database computes by itself cannot be given to it.
async function rowsIn(connection: Connection, table: string): Promise<string[]> {
  const columns = await rowsOf(connection, `SHOW COLUMNS FROM ${escapeId(table)}`);
  const names = columns.filter(({ Extra }) => !/GENERATED/.test(String(Extra))).map(({ Field }) => String(Field));
  const rows = await rowsOf(connection, `SELECT ${escapeId(names)} FROM ${escapeId(table)}`);
  const into = `INSERT INTO ${escapeId(table)} (${escapeId(names)})`;
  return rows.map((row) => `${into} VALUES (${connection.escape(names.map((name) => row[name]))});`);
}
