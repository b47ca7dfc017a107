import type { OutgoingRecord } from '@pagebridge/contracts';
import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { connectTimeoutMs } from '../persistence/data-source.ts';

export interface OutboxRow extends OutgoingRecord {
  readonly id: string;
}

export interface Backlog {
  readonly records: number;
  readonly oldestAt: Date | undefined;
}

/** What the relay needs of the database; every method rejects when the database is away. */
export interface RelaySession {
  /** Becomes the one relay of this database, for as long as the session lives; false while another one is. */
  lead(): Promise<boolean>;
  /** The oldest queued events by id. */
  oldest(limit: number): Promise<readonly OutboxRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  backlog(): Promise<Backlog>;
  /** Ends the session, and with it the lead; never rejects. */
  close(): Promise<void>;
}

// Locks belong to the server, not to the schema, so the schema is in the name; 64 characters are the most MySQL takes.
const lead = "SELECT GET_LOCK(CONCAT('pagebridge-outbox-', MD5(DATABASE())), 0) AS held";

/** A connection of its own: the lead is a lock held by it, and both end together. */
export async function openRelaySession(url: string): Promise<RelaySession> {
  const connection = await createConnection({
    uri: url,
    timezone: 'Z',
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  // A connection that breaks while idle tells it here; the next statement then fails, and the relay opens another one.
  connection.on('error', () => undefined);
  return new MysqlRelaySession(connection);
}

class MysqlRelaySession implements RelaySession {
  constructor(private readonly connection: Connection) {}

  async lead(): Promise<boolean> {
    const [rows] = await this.connection.query<RowDataPacket[]>(lead);
    return Number(rows[0]?.held) === 1;
  }

  async oldest(limit: number): Promise<readonly OutboxRow[]> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      'SELECT id, topic, record_key, value, headers FROM outbox ORDER BY id LIMIT ?',
      [limit],
    );
    return rows.map((row) => ({
      id: String(row.id),
      topic: row.topic,
      key: row.record_key,
      value: row.value,
      // MySQL gives a JSON column parsed, MariaDB as text.
      headers: typeof row.headers === 'string' ? JSON.parse(row.headers) : row.headers,
    }));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.connection.query<ResultSetHeader>('DELETE FROM outbox WHERE id IN (?)', [ids]);
  }

  async backlog(): Promise<Backlog> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS records, MIN(created_at) AS oldest FROM outbox',
    );
    return { records: Number(rows[0]?.records ?? 0), oldestAt: rows[0]?.oldest ?? undefined };
  }

  async close(): Promise<void> {
    // Without waiting for the server: whether it is there or not, the session is over, and the lock with it.
    this.connection.destroy();
  }
}
