import { queryOptions, useQuery } from '@tanstack/react-query';
import { bodyFrom, connectionManagement, handleSync, versionedFrom } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';
import { queryKeyOf } from '../api/query-key.ts';

export type Connection = components['schemas']['ConnectionAnswer'];
export type CheckedConnection = components['schemas']['CheckedConnectionAnswer'];
export type CheckReport = components['schemas']['CheckReportAnswer'];
export type ConnectionPatch = components['schemas']['ConnectionPatch'];
/** The largest page. An org has at most 20 connections unless its operator allows more. */
const limit = 200;

/** Returns the path of a resource of a source org. */
export const pathOf = (org: string, rest: string): string => `/v1/source-orgs/${encodeURIComponent(org)}/${rest}`;

/** The connections of a source org, oldest first. */
export const connectionsQuery = (org: string) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'connections', org),
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { limit } };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs/{org}/connections', { params, signal }));
    },
    meta: { everyMs: 15_000 },
  });

/** One connection with its checks, and its version. */
export const connectionQuery = (org: string, id: string) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'connection', org, id),
    queryFn: ({ signal }) => {
      const params = { path: { org, id } };
      return versionedFrom(connectionManagement.GET('/v1/source-orgs/{org}/connections/{id}', { params, signal }));
    },
    meta: { everyMs: 15_000 },
  });

/** How many handles there are over one connection, and the first hundred. */
export const handlesOverQuery = (org: string, connection: string) =>
  queryOptions({
    queryKey: queryKeyOf('handle-sync', 'handles-over', org, connection),
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { connection, limit: 100 } };
      return bodyFrom(handleSync.GET('/v1/source-orgs/{org}/handles', { params, signal }));
    },
  });

/** The data centers of destinations. */
export const dataCentersQuery = queryOptions({
  queryKey: queryKeyOf('connection-management', 'data-centers'),
  queryFn: ({ signal }) => bodyFrom(connectionManagement.GET('/v1/data-centers', { signal })),
});

/** Returns a function that gives the name of a connection for its id. */
export function useNames(org: string): (id: string) => string {
  const { data } = useQuery(connectionsQuery(org));
  return (id) => data?.items.find((connection) => connection.id === id)?.name ?? id;
}
