import { DataSource, type EntityManager, LessThan, Like, MoreThan } from 'typeorm';
import type { Page, PageQuery, SourceOrgSummary, Store, Unit } from '../../application/ports.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { type Connection, nameKeyOf } from '../../domain/connection.ts';
import { type SourceOrgSettings, unsettled } from '../../domain/source-org-settings.ts';
import type { AccessToken } from '../../domain/tokens/access-token.ts';
import { PolicyRulesEntity } from './access-policy/policy-rules.entity.ts';
import { AccessTokenEntity } from './access-tokens/access-token.entity.ts';
import { tokenFrom } from './access-tokens/token-rows.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { fromRow } from './connection-row.ts';
import { inTransaction } from './in-transaction.ts';
import { onConnection } from './on-connection.ts';
import { SourceOrgEntity } from './source-org.entity.ts';
import { type SourceOrgRow, sourceOrgsAfter, summaryFrom } from './source-org-list.ts';
import { asStoreError } from './store-errors.ts';
import { settingsFrom } from './typeorm-unit.ts';

/** The store on MySQL or MariaDB. Calls `onQueued` after each commit that queued an event. */
export class TypeormStore implements Store {
  constructor(
    private readonly dataSource: DataSource,
    private readonly onQueued: () => void,
  ) {}

  async transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    let published = 0;
    const result = await inTransaction(this.dataSource, async (unit) => {
      const value = await work(unit);
      published = unit.published;
      return value;
    });
    if (published > 0) this.onQueued();
    return result;
  }

  async connection(sourceOrg: string, id: string): Promise<Connection | undefined> {
    const row = await this.read((manager) => manager.findOneBy(ConnectionEntity, { sourceOrg, id }));
    return row ? fromRow(row) : undefined;
  }

  async connections(sourceOrg: string, { limit, after }: PageQuery): Promise<Page<Connection>> {
    const where = after === undefined ? { sourceOrg } : { sourceOrg, id: MoreThan(after) };
    const rows = await this.read((manager) =>
      manager.find(ConnectionEntity, { where, order: { id: 'ASC' }, take: limit + 1 }),
    );
    return pageOf(rows, limit, fromRow);
  }

  async connectionTo(sourceOrg: string, dataCenter: string, orgId: string): Promise<Connection | undefined> {
    const where = { sourceOrg, dataCenter, destinationOrgId: orgId };
    const row = await this.read((manager) => manager.findOne(ConnectionEntity, { where, order: { id: 'ASC' } }));
    return row ? fromRow(row) : undefined;
  }

  connectionCount(sourceOrg: string): Promise<number> {
    return this.read((manager) => manager.countBy(ConnectionEntity, { sourceOrg }));
  }

  isNameTaken(sourceOrg: string, name: string): Promise<boolean> {
    return this.read((manager) => manager.existsBy(ConnectionEntity, { sourceOrg, nameKey: nameKeyOf(name) }));
  }

  async slugsLike(sourceOrg: string, base: string): Promise<ReadonlySet<string>> {
    // A long slug is cut to make room for its number, so slugs are found by their common beginning.
    const slug = Like(`${base.slice(0, 52)}%`);
    const rows = await this.read((manager) =>
      manager.find(ConnectionEntity, { where: { sourceOrg, slug }, select: { slug: true } }),
    );
    return new Set(rows.map((row) => row.slug));
  }

  async sourceOrgs(query: PageQuery, among: ReadonlySet<string> | 'all'): Promise<Page<SourceOrgSummary>> {
    const { limit, after = '' } = query;
    const rows = await this.read((manager) =>
      manager.query<SourceOrgRow[]>(...sourceOrgsAfter(after, limit + 1, among)),
    );
    return pageOf(rows, limit, summaryFrom);
  }

  async sourceOrg(sourceOrg: string): Promise<SourceOrgSettings> {
    const row = await this.read((manager) => manager.findOneBy(SourceOrgEntity, { sourceOrg }));
    return row ? settingsFrom(row) : unsettled(sourceOrg);
  }

  async token(sourceOrg: string, id: string): Promise<AccessToken | undefined> {
    const row = await this.read((manager) => manager.findOneBy(AccessTokenEntity, { sourceOrg, id }));
    return row ? tokenFrom(row) : undefined;
  }

  async tokens(sourceOrg: string, { limit, after }: PageQuery): Promise<Page<AccessToken>> {
    const where = after === undefined ? { sourceOrg } : { sourceOrg, id: MoreThan(after) };
    const rows = await this.read((manager) =>
      manager.find(AccessTokenEntity, { where, order: { id: 'ASC' }, take: limit + 1 }),
    );
    return pageOf(rows, limit, tokenFrom);
  }

  async tokensExpired(before: Date, limit: number): Promise<readonly string[]> {
    const where = { expiresAt: LessThan(before) };
    const rows = await this.read((manager) =>
      manager.find(AccessTokenEntity, { where, select: { id: true }, order: { expiresAt: 'ASC' }, take: limit }),
    );
    return rows.map(({ id }) => id);
  }

  async policyRules(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.read((manager) => manager.find(PolicyRulesEntity));
    return new Map(rows.map(({ sourceOrg, rules }) => [sourceOrg, rules]));
  }

  async auditOf(sourceOrg: string, { limit, after }: PageQuery): Promise<Page<AuditEntry & { readonly id: string }>> {
    const where = after === undefined ? { sourceOrg } : { sourceOrg, id: LessThan(after) };
    return this.read(async (manager) => {
      const sizes = await manager
        .createQueryBuilder(AuditEntryEntity, 'entry')
        .select(answeredBytes, 'bytes')
        .where(where)
        .orderBy('entry.id', 'DESC')
        .limit(limit + 1)
        .getRawMany<{ readonly bytes: string }>();
      const take = Math.min(limit, fitting(sizes.map(({ bytes }) => Number(bytes))));
      const rows = await manager.find(AuditEntryEntity, { where, order: { id: 'DESC' }, take });
      return { items: rows, next: sizes.length > take ? rows.at(-1)?.id : undefined };
    });
  }

  private async read<T>(query: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, ({ manager }) => query(manager));
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/** Returns a page. One row more than the limit was read, which shows whether there is a next page. */
function pageOf<Row extends { id: string }, T>(rows: readonly Row[], limit: number, map: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(map), next: rows.length > limit ? shown.at(-1)?.id : undefined };
}

/** An answer of the audit has at most 1 MiB; the rest is for what surrounds its entries. */
const mostAuditBytes = 1_000_000;
/** An upper bound of the size of an entry in an answer: the texts of callers need up to twice their length, in which quotes are escaped. */
const answeredBytes =
  'COALESCE(LENGTH(before_change), 0) + COALESCE(LENGTH(after_change), 0) + 2 * LENGTH(actor) + 2 * COALESCE(LENGTH(on_behalf_of), 0) + 512';

/** Returns how many of these entries fit into an answer. The first one always does, so that every page leads on. */
function fitting(sizes: readonly number[]): number {
  let sum = 0;
  const beyond = sizes.findIndex((bytes) => {
    sum += bytes;
    return sum > mostAuditBytes;
  });
  return beyond < 0 ? sizes.length : Math.max(beyond, 1);
}
