import { useQuery } from '@tanstack/react-query';
import { retryMs } from '../api/query-client.ts';
import { connectionQuery } from './queries.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The id of the connection that was just added. */
    readonly added?: string;
  }
}

const watchMs = 2000;

/** What has become of a connection that was just added: its teams are being read, or its handles are known. */
export function Added({ org, id }: { readonly org: string; readonly id: string }) {
  const { data } = useQuery({
    ...connectionQuery(org, id),
    refetchInterval: ({ state }) => (state.error ? retryMs : !state.data?.value.lastSync && watchMs),
  });
  const { lastSync, lastSyncFailure } = data?.value ?? {};
  if (lastSync) return <p role="status">{lastSync.teams} handles found.</p>;
  return <p role="status">Added. Reading teams… {lastSyncFailure?.detail}</p>;
}
