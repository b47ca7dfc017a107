import type { SourceOrgSummary } from '../../application/ports.ts';

export interface SourceOrgRow {
  readonly id: string;
  readonly connections: string;
  readonly fallback_handle: string | null;
  readonly version: number | null;
  readonly updated_at: Date | null;
}

/**
 * Orgs with settings, with connections or with API tokens, each once: as many of each as the page may need. The statement and its
 * parameters.
 */
export function sourceOrgsAfter(
  after: string,
  limit: number,
  among: ReadonlySet<string> | 'all',
): [statement: string, parameters: unknown[]] {
  const orgs = among === 'all' ? [] : [...among];
  // No org is called '', and a list in SQL may not be empty.
  const [condition, ofPart] =
    among === 'all' ? ['source_org > ?', [after]] : ['source_org > ? AND source_org IN (?)', [after, ['', ...orgs]]];
  const statement = `
  SELECT listed.id, settled.fallback_handle, settled.version, settled.updated_at,
    (SELECT COUNT(*) FROM connections WHERE connections.source_org = listed.id) AS connections
  FROM (
    (SELECT source_org AS id FROM source_orgs WHERE ${condition} ORDER BY source_org LIMIT ?)
    UNION
    (SELECT DISTINCT source_org AS id FROM connections WHERE ${condition} ORDER BY source_org LIMIT ?)
    UNION
    (SELECT DISTINCT source_org AS id FROM access_tokens WHERE ${condition} ORDER BY source_org LIMIT ?)
    ORDER BY id LIMIT ?
  ) AS listed
  LEFT JOIN source_orgs AS settled ON settled.source_org = listed.id
  ORDER BY listed.id`;
  return [statement, [...ofPart, limit, ...ofPart, limit, ...ofPart, limit, limit]];
}

export const summaryFrom = (row: SourceOrgRow): SourceOrgSummary => ({
  sourceOrg: row.id,
  connections: Number(row.connections),
  fallbackHandle: row.fallback_handle ?? undefined,
  version: row.version ?? 0,
  updatedAt: row.updated_at ?? undefined,
});
