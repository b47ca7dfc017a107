import { AccessTokens, Connections, Integrations, SourceOrgs } from '@pagebridge/contracts';
import { inTransaction, onConnection, pastDeadlocks } from '@pagebridge/database';
import type { DataSource, QueryRunner } from 'typeorm';
import { restateConnection, restateIntegration, restateSourceOrg, restateToken } from '../../application/restate.ts';
import { TypeormUnit } from '../persistence/typeorm-unit.ts';
import { type Backlog, mostCounted, type Outbox, type OutboxRow, type PassedOver } from './outbox.ts';

const inMs = 'UTC_TIMESTAMP(3) + INTERVAL ? * 1000 MICROSECOND';

/** The outbox in MySQL or MariaDB. The lease is a row that expires, so that it ends by itself if its holder vanishes. */
export class MysqlOutbox implements Outbox {
  constructor(private readonly dataSource: DataSource) {}

  async backlog(): Promise<Backlog> {
    const [row] = await this.read(
      `SELECT (SELECT created_at FROM outbox ORDER BY id LIMIT 1) AS oldest,
        (SELECT COUNT(*) FROM (SELECT id FROM outbox LIMIT ?) AS counted) AS records`,
      [mostCounted],
    );
    return { records: Number(row?.records ?? 0), oldestAt: row?.oldest ?? undefined };
  }

  lease(holder: string, ms: number): Promise<boolean> {
    return this.changes(
      `UPDATE outbox_lease SET holder = ?, expires_at = ${inMs}
        WHERE id = 1 AND (holder IS NULL OR holder = ? OR expires_at <= UTC_TIMESTAMP(3))`,
      [holder, ms, holder],
    );
  }

  renew(holder: string, ms: number): Promise<boolean> {
    return this.changes(`UPDATE outbox_lease SET expires_at = ${inMs} WHERE id = 1 AND holder = ?`, [ms, holder]);
  }

  async release(holder: string): Promise<void> {
    await this.changes('UPDATE outbox_lease SET holder = NULL WHERE id = 1 AND holder = ?', [holder]);
  }

  async oldest(limit: number, { topics, keys }: PassedOver): Promise<readonly OutboxRow[]> {
    const notOfTopics = topics.length > 0 ? ' AND topic NOT IN (?)' : '';
    const notOfKeys = keys.length > 0 ? ' AND (topic, record_key) NOT IN (?)' : '';
    const rows = await this.read(
      `SELECT id, topic, record_key, value, headers FROM outbox WHERE TRUE${notOfTopics}${notOfKeys} ORDER BY id LIMIT ?`,
      [...(notOfTopics ? [topics] : []), ...(notOfKeys ? [keys.map(({ topic, key }) => [topic, key])] : []), limit],
    );
    return rows.map((row) => ({
      id: String(row.id),
      topic: row.topic,
      key: row.record_key,
      value: row.value,
      // MySQL returns a JSON column parsed, MariaDB returns text.
      headers: typeof row.headers === 'string' ? JSON.parse(row.headers) : row.headers,
    }));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.changes('DELETE FROM outbox WHERE id IN (?)', [ids]);
  }

  restate(records: readonly OutboxRow[]): Promise<void> {
    const keysOf = (topic: string) => new Set(records.filter((row) => row.topic === topic).map(({ key }) => key));
    return inTransaction(this.dataSource, async (manager) => {
      const unit = new TypeormUnit(manager);
      for (const id of keysOf(Connections.card.topic)) await restateConnection(unit, id);
      for (const sourceOrg of keysOf(SourceOrgs.card.topic)) await restateSourceOrg(unit, sourceOrg);
      for (const id of keysOf(AccessTokens.card.topic)) await restateToken(unit, id);
      for (const key of keysOf(Integrations.card.topic)) await restateIntegration(unit, key);
    });
  }

  private read(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    return onConnection(this.dataSource, (runner: QueryRunner) => runner.query(sql, [...parameters]));
  }

  private async changes(sql: string, parameters: readonly unknown[]): Promise<boolean> {
    const change = () => onConnection(this.dataSource, (runner: QueryRunner) => runner.query(sql, [...parameters]));
    const result: { readonly affectedRows: number } = await pastDeadlocks(change);
    return result.affectedRows > 0;
  }
}

// A row of the driver, whose types have no columns.
type Row = Awaited<ReturnType<QueryRunner['query']>>;
