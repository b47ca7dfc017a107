import { type Connection, createConnection, escapeId } from 'mysql2/promise';

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

export type Row = Readonly<Record<string, unknown>>;

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
