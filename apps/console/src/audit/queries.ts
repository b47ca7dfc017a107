import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';

export type AuditEntry = components['schemas']['AuditEntryAnswer'];

type Filter = 'action' | 'actor' | 'target' | 'from' | 'to' | 'after';
export type AuditFilters = { readonly [name in Filter]?: string | undefined };

/** One page of the audit of a source org, newest first. Read again only when asked: rows of the past do not change. Needs `audit:read`. */
export const auditQuery = (org: string, { after: cursor, action, ...filters }: AuditFilters, limit = 50) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'audit', org, action, filters, cursor, limit),
    queryFn: ({ signal }) => {
      const query = { ...given({ ...filters, action: action as AuditEntry['action'], cursor }), limit };
      const params = { path: { org }, query };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs/{org}/audit', { params, signal }));
    },
    refetchOnWindowFocus: false,
  });
