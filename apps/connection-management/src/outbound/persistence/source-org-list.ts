import type { SourceOrgSummary } from '../../application/ports.ts';

export interface SourceOrgRow {
  readonly id: string;
  readonly connections: string;
  readonly fallback_handle: string | null;
  readonly version: number | null;
  readonly updated_at: Date | null;
}

const tables = ['source_orgs', 'connections', 'access_tokens', 'integrations'];

/**
 * Returns the statement, with its parameters, for orgs with settings, connections, API tokens or integrations, each once. Each part
 * reads only as many rows as the page may need.
 */
export function sourceOrgsAfter(
  after: string,
  limit: number,
  among: ReadonlySet<string> | 'all',
): [statement: string, parameters: unknown[]] {
  const orgs = among === 'all' ? [] : [...among];
  // A list in SQL must not be empty, and no org is called ''.
  const [condition, ofPart] =
    among === 'all' ? ['source_org > ?', [after]] : ['source_org > ? AND source_org IN (?)', [after, ['', ...orgs]]];
  const parts = tables.map(
    (table) => `(SELECT DISTINCT source_org AS id FROM ${table} WHERE ${condition} ORDER BY source_org LIMIT ?)`,
  );
  const statement = `
  SELECT listed.id, settled.fallback_handle, settled.version, settled.updated_at,
    (SELECT COUNT(*) FROM connections WHERE connections.source_org = listed.id) AS connections
  FROM (
    ${parts.join(' UNION ')}
    ORDER BY id LIMIT ?
  ) AS listed
  LEFT JOIN source_orgs AS settled ON settled.source_org = listed.id
  ORDER BY listed.id`;
  return [statement, [...parts.flatMap(() => [...ofPart, limit]), limit]];
}

export const summaryFrom = (row: SourceOrgRow): SourceOrgSummary => ({
  sourceOrg: row.id,
  connections: Number(row.connections),
  fallbackHandle: row.fallback_handle ?? undefined,
  version: row.version ?? 0,
  updatedAt: row.updated_at ?? undefined,
});
