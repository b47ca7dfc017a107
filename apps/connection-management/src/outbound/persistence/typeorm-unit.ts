import type { OutgoingRecord } from '@pagebridge/contracts';
import { doubledKeyOf } from '@pagebridge/database';
import { type EntityManager, Raw } from 'typeorm';
import type { Fact, Saved, Unit } from '../../application/ports.ts';
import { type AuditEntry, boundedChange } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import { type SourceOrgSettings, withoutSettings } from '../../domain/source-org-settings.ts';
import { Integration } from '../../integrations/integration.entity.ts';
import { IntegrationRepository } from '../../integrations/integration.repository.ts';
import { lockName } from '../limits/named-lock.ts';
import { auditRecordOf } from '../outbox/audit-event.ts';
import { recordOf } from '../outbox/events.ts';
import { PolicyRulesEntity } from './access-policy/policy-rules.entity.ts';
import { TokenRows } from './access-tokens/token-rows.ts';
import { AuditEntryEntity } from './audit/audit-entry.entity.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { fromRow, toRow } from './connection-row.ts';
import { SourceOrgEntity } from './source-org.entity.ts';

/** One transaction through TypeORM. Counts the events that it queues, so that the relay is woken after the commit. */
export class TypeormUnit implements Unit {
  published = 0;
  readonly tokens: TokenRows;
  readonly integrations: IntegrationRepository;

  constructor(private readonly manager: EntityManager) {
    this.tokens = new TokenRows(manager);
    this.integrations = new IntegrationRepository(Integration, manager);
  }

  async lockConnection(id: string, sourceOrg?: string): Promise<Connection | undefined> {
    const where = sourceOrg === undefined ? { id } : { id, sourceOrg };
    const row = await this.manager.findOne(ConnectionEntity, { where, lock: { mode: 'pessimistic_write' } });
    return row ? fromRow(row) : undefined;
  }

  async lockConnectionCount(sourceOrg: string): Promise<number> {
    await lockName(this.manager, `connections:${sourceOrg}`);
    return this.manager.countBy(ConnectionEntity, { sourceOrg });
  }

  insertConnection(connection: Connection, { isSole }: { readonly isSole: boolean }): Promise<Saved> {
    const soleDestination = isSole ? `${connection.dataCenter}/${connection.destinationOrg.id}` : null;
    return savedOf(() => this.manager.insert(ConnectionEntity, { ...toRow(connection), soleDestination }));
  }

  updateConnection(connection: Connection): Promise<Saved> {
    const { id, ...columns } = toRow(connection);
    return savedOf(() => this.manager.update(ConnectionEntity, { id }, columns));
  }

  async deleteConnection(id: string): Promise<void> {
    await this.manager.delete(ConnectionEntity, { id });
  }

  async namesBackedUpBy({ id, sourceOrg }: Connection): Promise<readonly string[]> {
    const failover = Raw((column) => `JSON_UNQUOTE(JSON_EXTRACT(${column}, '$.connectionId')) = :id`, { id });
    const query = {
      where: { sourceOrg, failover },
      select: { name: true, deletion: true },
      order: { id: 'ASC' },
    } as const;
    const rows = await this.manager.find(ConnectionEntity, query);
    return rows.filter(({ deletion }) => !deletion).map(({ name }) => name);
  }

  async lockSourceOrg(sourceOrg: string): Promise<SourceOrgSettings> {
    const lock = { mode: 'pessimistic_write' } as const;
    const row = await this.manager.findOne(SourceOrgEntity, { where: { sourceOrg }, lock });
    return row ? settingsFrom(row) : withoutSettings(sourceOrg);
  }

  async saveSourceOrg(settings: SourceOrgSettings): Promise<void> {
    const { sourceOrg, localHandles, fallbackHandle = null, alertTopic, alertTopicSince = null } = settings;
    const { version, updatedAt = new Date(0) } = settings;
    const columns = { localHandles, fallbackHandle, alertTopic, alertTopicSince, version, updatedAt };
    if (version === 1) await this.manager.insert(SourceOrgEntity, { sourceOrg, ...columns });
    else await this.manager.update(SourceOrgEntity, { sourceOrg }, columns);
  }

  async lockPolicyRules(sourceOrg: string): Promise<readonly string[] | undefined> {
    // By name, because there may be no row to lock yet.
    await lockName(this.manager, `policy:${sourceOrg}`);
    return (await this.manager.findOneBy(PolicyRulesEntity, { sourceOrg }))?.rules;
  }

  async savePolicyRules(sourceOrg: string, rules: readonly string[]): Promise<void> {
    await this.manager.upsert(PolicyRulesEntity, { sourceOrg, rules }, ['sourceOrg']);
  }

  async audit(...wholes: readonly AuditEntry[]): Promise<void> {
    const entries = wholes.map((whole) => ({ ...whole, ...boundedChange(whole) }));
    const { identifiers } = await this.manager.insert(AuditEntryEntity, entries);
    // In a cluster, the ids of one statement do not follow each other one by one.
    const ofStep = 'SELECT @@auto_increment_increment AS step';
    const [row] = entries.length > 1 ? await this.manager.query<{ step: string }[]>(ofStep) : [];
    const idOf = (n: number) => String(Number(identifiers[0]?.id) + n * Number(row?.step ?? 1));
    await this.queue(...entries.map((entry, n) => auditRecordOf(entry, idOf(n))));
  }

  publish(...facts: readonly Fact[]): Promise<void> {
    return this.queue(...facts.map(recordOf));
  }

  /** Returns whether the segments are due to roll. If so, this transaction has claimed the roll. */
  async claimRoll(periodMs: number): Promise<boolean> {
    const due = 'rolled_at <= UTC_TIMESTAMP(3) - INTERVAL ? * 1000 MICROSECOND';
    const sql = `UPDATE outbox_lease SET rolled_at = UTC_TIMESTAMP(3) WHERE id = 1 AND ${due}`;
    const { affectedRows }: { readonly affectedRows: number } = await this.manager.query(sql, [periodMs]);
    return affectedRows > 0;
  }

  async queue(...records: readonly OutgoingRecord[]): Promise<void> {
    const rows = records.map(({ topic, key, value, headers }) => {
      return [topic, key, value === null ? null : Buffer.from(value), JSON.stringify(headers), new Date()];
    });
    await this.manager.query('INSERT INTO outbox (topic, record_key, value, headers, created_at) VALUES ?', [rows]);
    this.published += rows.length;
  }
}

export const settingsFrom = (row: SourceOrgEntity): SourceOrgSettings => ({
  sourceOrg: row.sourceOrg,
  localHandles: row.localHandles,
  fallbackHandle: row.fallbackHandle ?? undefined,
  alertTopic: row.alertTopic,
  alertTopicSince: row.alertTopicSince ?? undefined,
  version: row.version,
  updatedAt: row.updatedAt,
});

/** Returns a duplicate as an answer: the database undoes only that statement. Throws any other error. */
async function savedOf(write: () => Promise<unknown>): Promise<Saved> {
  try {
    await write();
    return 'saved';
  } catch (error) {
    const key = doubledKeyOf(error);
    if (key === 'connections_name') return 'name-taken';
    if (key === 'connections_slug') return 'slug-taken';
    if (key === 'connections_sole_destination') return 'destination-taken';
    throw error;
  }
}
