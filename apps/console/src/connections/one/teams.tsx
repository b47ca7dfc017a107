import { useMutation, useQuery } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../../api/client.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { StateMark } from '../../look/state-mark.tsx';
import { Time } from '../../look/time/time.tsx';
import { type Connection, connectionQuery } from '../queries.ts';

/** What was last read of the teams of a destination, and what was not. */
export function Teams({ connection }: { readonly connection: Connection }) {
  const { lastSync, lastSyncFailure, unreadTeams } = connection;
  return (
    <div className="stack">
      <div className="row">
        {lastSync ? (
          <span>
            {lastSync.teams}, synced <Time at={lastSync.at} as="ago" />: {lastSync.added} added, {lastSync.removed}{' '}
            removed
          </span>
        ) : (
          'not synced yet'
        )}
        <SyncNow connection={connection} />
      </div>
      {lastSyncFailure && (
        <p>
          <StateMark state="failed" /> <Time at={lastSyncFailure.at} as="ago" />: {lastSyncFailure.detail}. The known
          handles are kept.
        </p>
      )}
      {unreadTeams > 0 && (
        <p>
          <StateMark state="warning" /> The rules of {unreadTeams} teams could not be read. Their known handles are
          kept.
        </p>
      )}
    </div>
  );
}

const watchMs = 2000;

/** Has the teams read again now, and watches until they are. */
function SyncNow({
  connection: { sourceOrg: org, id, lastSync, lastSyncFailure },
}: {
  readonly connection: Connection;
}) {
  const last = `${lastSync?.at} ${lastSyncFailure?.at}`;
  const params = { path: { org, id } };
  const { mutate, isPending, isSuccess, variables, error } = useMutation({
    mutationFn: (_after: string) =>
      bodyFrom(connectionManagement.POST('/v1/source-orgs/{org}/connections/{id}/sync', { params })),
  });
  const isWaiting = isSuccess && variables === last;
  useQuery({ ...connectionQuery(org, id), refetchInterval: isWaiting && watchMs });
  return (
    <>
      <Permitted permission="connections:write" onClick={() => isPending || mutate(last)}>
        Sync now
      </Permitted>
      <span role="status">{isSuccess && (isWaiting ? 'Reading teams…' : 'Synced.')}</span>
      {error && <ProblemWords error={error} />}
    </>
  );
}
