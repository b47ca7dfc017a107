import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from './client.ts';
import type { components } from './connection-management.d.ts';

export type AuditEntry = components['schemas']['AuditEntryAnswer'];

/** What was last done with one target of the audit, newest first. Needs `audit:read`. */
export const auditOfQuery = (org: string, target: string) =>
  queryOptions({
    queryKey: ['connection-management', 'audit-of', org, target],
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { target, limit: 5 } };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs/{org}/audit', { params, signal }));
    },
  });
