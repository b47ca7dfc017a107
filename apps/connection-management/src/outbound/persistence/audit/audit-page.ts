import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { AuditFilter, ListedEntry, Page, PageQuery } from '../../../application/ports.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';

/** Returns a page of the entries that pass the filter, newest first. It has at most 1 MiB as JSON, and at least one entry if there is any. */
export async function auditPage(
  manager: EntityManager,
  filter: AuditFilter,
  { limit, after }: PageQuery,
): Promise<Page<ListedEntry>> {
  const entries = entriesOf(manager, filter, after);
  const sized = entries
    .clone()
    .select(answeredBytes, 'bytes')
    .limit(limit + 1);
  const sizes = await sized.getRawMany<{ readonly bytes: string }>();
  const take = Math.min(limit, fitting(sizes.map(({ bytes }) => Number(bytes))));
  const items = await entries.limit(take).getMany();
  const last = sizes.length > take ? items.at(-1) : undefined;
  return { items, next: last && `${last.at.getTime()}-${last.id}` };
}

const conditions: Readonly<Record<keyof AuditFilter, string>> = {
  sourceOrg: 'entry.sourceOrg = :sourceOrg',
  action: 'entry.action = :action',
  actor: 'entry.actor = :actor',
  target: 'entry.target = :target',
  from: 'entry.at >= :from',
  to: 'entry.at < :to',
};

/**
 * Returns the query for the entries after a cursor. Newest first is by time and then by id, since each index of a filter ends with
 * them: any page of any time is read from an index in its order.
 */
function entriesOf(
  manager: EntityManager,
  filter: AuditFilter,
  after: string | undefined,
): SelectQueryBuilder<AuditEntryEntity> {
  const query = manager.createQueryBuilder(AuditEntryEntity, 'entry');
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.andWhere(conditions[name as keyof AuditFilter], { [name]: value });
  }
  if (after !== undefined) {
    const [at, id] = after.split('-');
    // The first comparison follows from the second, but only the first bounds what is read of the index.
    query.andWhere('entry.at <= :at AND (entry.at < :at OR entry.id < :id)', { at: new Date(Number(at)), id });
  }
  return query.orderBy('entry.at', 'DESC').addOrderBy('entry.id', 'DESC');
}

/** An answer of the audit has at most 1 MiB; the rest is for what surrounds its entries. */
const maxAuditBytes = 1_000_000;
/** An upper bound of the size of an entry in an answer: the texts of callers need up to twice their length, in which quotes are escaped. */
const answeredBytes =
  'COALESCE(LENGTH(before_change), 0) + COALESCE(LENGTH(after_change), 0) + 2 * LENGTH(actor) + 2 * COALESCE(LENGTH(on_behalf_of), 0) + 512';

/** Returns how many of these entries fit into an answer. The first one always does, so that every page leads on. */
function fitting(sizes: readonly number[]): number {
  let sum = 0;
  const beyond = sizes.findIndex((bytes) => {
    sum += bytes;
    return sum > maxAuditBytes;
  });
  return beyond < 0 ? sizes.length : Math.max(beyond, 1);
}
