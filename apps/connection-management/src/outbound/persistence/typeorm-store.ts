import { asStoreError, inTransaction, onConnection } from '@pagebridge/database';
import { DataSource, type EntityManager, LessThan, Like, MoreThan } from 'typeorm';
import type {
  AuditFilter,
  ListedEntry,
  Page,
  PageQuery,
  Reads,
  SourceOrgSummary,
  Store,
  Unit,
} from '../../application/ports.ts';
import { type Connection, nameKeyOf } from '../../domain/connection.ts';
import { type SourceOrgSettings, withoutSettings } from '../../domain/source-org-settings.ts';
import type { AccessToken } from '../../domain/tokens/access-token.ts';
import { Integration } from '../../integrations/integration.entity.ts';
import { PolicyRulesEntity } from './access-policy/policy-rules.entity.ts';
import { AccessTokenEntity } from './access-tokens/access-token.entity.ts';
import { tokenFrom } from './access-tokens/token-rows.ts';
import { auditPage } from './audit/audit-page.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { fromRow } from './connection-row.ts';
import { SourceOrgEntity } from './source-org.entity.ts';
import { type SourceOrgRow, sourceOrgsAfter, summaryFrom } from './source-org-list.ts';
import { settingsFrom, TypeormUnit } from './typeorm-unit.ts';

/** Reads what MySQL or MariaDB has stored. */
export class TypeormReads implements Reads {
  constructor(protected readonly dataSource: DataSource) {}

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
    return row ? settingsFrom(row) : withoutSettings(sourceOrg);
  }

  async token(sourceOrg: string, id: string): Promise<AccessToken | undefined> {
    const row = await this.read((manager) => manager.findOneBy(AccessTokenEntity, { sourceOrg, id }));
    return row ? tokenFrom(row) : undefined;
  }

  async tokens(sourceOrg: string, { limit, after }: PageQuery, integration?: string): Promise<Page<AccessToken>> {
    const of = integration === undefined ? { sourceOrg } : { sourceOrg, integration };
    const where = after === undefined ? of : { ...of, id: MoreThan(after) };
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

  async integration(sourceOrg: string, name: string): Promise<Integration | undefined> {
    return (await this.read((manager) => manager.findOneBy(Integration, { sourceOrg, name }))) ?? undefined;
  }

  async integrations(sourceOrg: string, { limit, after }: PageQuery): Promise<Page<Integration>> {
    const where = after === undefined ? { sourceOrg } : { sourceOrg, name: MoreThan(after) };
    const rows = await this.read((manager) =>
      manager.find(Integration, { where, order: { name: 'ASC' }, take: limit + 1 }),
    );
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? items.at(-1)?.name : undefined };
  }

  async policyRules(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.read((manager) => manager.find(PolicyRulesEntity));
    return new Map(rows.map(({ sourceOrg, rules }) => [sourceOrg, rules]));
  }

  auditOf(filter: AuditFilter, query: PageQuery): Promise<Page<ListedEntry>> {
    return this.read((manager) => auditPage(manager, filter, query));
  }

  private async read<T>(query: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, ({ manager }) => query(manager));
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/** The store on MySQL or MariaDB. Calls `onQueued` after each commit that queued an event. */
export class TypeormStore extends TypeormReads implements Store {
  constructor(
    dataSource: DataSource,
    private readonly onQueued: () => void,
  ) {
    super(dataSource);
  }

  async transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    let published = 0;
    const result = await inTransaction(this.dataSource, async (manager) => {
      const unit = new TypeormUnit(manager);
      const value = await work(unit);
      published = unit.published;
      return value;
    });
    if (published > 0) this.onQueued();
    return result;
  }
}

/** Returns a page. One row more than the limit was read, which shows whether there is a next page. */
function pageOf<Row extends { id: string }, T>(rows: readonly Row[], limit: number, map: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(map), next: rows.length > limit ? shown.at(-1)?.id : undefined };
}
