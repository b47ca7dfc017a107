import { uniqueName } from './unique-name.ts';
import { waitFor } from './wait-for.ts';

/** A new database on the server of integration tests; `drop` removes it. */
export class OwnDatabase {
  readonly name = uniqueName('own').replace('-', '_');
  readonly url = new URL(`/${this.name}`, server()).href;

  /** `migrate` creates the database and its tables. */
  constructor(private readonly migrate: (url: string) => Promise<void>) {}

  async create(): Promise<void> {
    // A connection is given up after some seconds, which a busy machine may need.
    await waitFor('the tables', () => this.migrate(this.url).then(() => true));
  }

  async query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    // Loaded only here, because most specs have no database.
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection({ uri: this.url, timezone: 'Z' });
    try {
      const [rows] = await connection.query(sql, parameters);
      return rows as T[];
    } finally {
      await connection.end();
    }
  }

  async drop(): Promise<void> {
    await this.query(`DROP DATABASE ${this.name}`);
  }
}

function server(): string {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: run these tests with `npm run test:int`');
  return DATABASE_URL;
}
