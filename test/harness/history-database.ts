import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment, root } from '@pagebridge/local-stack';
import { createConnection } from 'mysql2/promise';

/** A record by its place: `paging.alerts.v1/3/17`. */
export type PlaceName = string;

/** The database of page-history in a stack with logins, as the user of its migrations. */
export class HistoryDatabase {
  readonly #variables: Readonly<Record<string, string>>;

  /** `folder` is that of the stack. */
  constructor(folder: string) {
    const lines = readFileSync(join(folder, 'secure/logins/database-of-page-history.env'), 'utf8').matchAll(
      /^(\w+)='(.*)'$/gm,
    );
    this.#variables = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  }

  /** Returns the places of the stored records whose keys begin so, in order, each as often as it is stored. */
  async places(key: string): Promise<PlaceName[]> {
    const rows = await this.#query<{ topic: string; at: number; place: number }>(
      'SELECT topic, topic_partition AS at, topic_offset AS place FROM records WHERE LEFT(record_key, ?) = ?',
      [Buffer.byteLength(key), Buffer.from(key)],
    );
    return rows.map(({ topic, at, place }) => `${topic}/${at}/${place}`).toSorted();
  }

  /** Returns how many rows are about a record that another row is about too. */
  async doubled(): Promise<number> {
    const rows = await this.#query<{ doubled: number }>(
      'SELECT COUNT(*) - COUNT(DISTINCT topic, topic_partition, topic_offset) AS doubled FROM records',
    );
    return Number(rows[0]?.doubled);
  }

  async drop(): Promise<void> {
    await this.#query(`DROP DATABASE ${this.#url.pathname.slice(1)}`);
  }

  /** Runs `history-migrations`, which creates the database if it is missing. Returns what it prints. */
  async migrate(): Promise<string> {
    const program = join(root, 'apps/page-history/dist/migrate.js');
    const env = childEnvironment(this.#variables);
    return (await promisify(execFile)(process.execPath, [program], { env })).stdout;
  }

  get #url(): URL {
    return new URL(this.#variables.DATABASE_MIGRATION_URL ?? '');
  }

  async #query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const ca = readFileSync(this.#variables.DATABASE_TLS_CA_FILE ?? '', 'utf8');
    const connection = await createConnection({ uri: this.#url.href, ssl: { ca } });
    try {
      return (await connection.query(sql, parameters))[0] as Row[];
    } finally {
      await connection.end();
    }
  }
}
