import { NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { bodyFrom, connectionManagement } from '../../api/client.ts';
import { useAsk } from '../../look/form/ask.tsx';
import { Permitted } from '../../look/form/permitted.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { Time } from '../../look/time/time.tsx';
import type { Connection } from '../queries.ts';
import { shareWords, widening } from './words.ts';

const options = Object.entries(shareWords).map(([value, label]) => ({ value, label }));
const revoking =
  'All existing snapshot links of this connection stop working, including links that people are using now. This cannot be undone.';

interface SharingProps {
  readonly connection: Connection;
  /** The version that the person sees: whoever shares less meanwhile wins. */
  readonly etag: string;
}

/** What the people who are paged may see of an alert by the link in its page, and the end of the links so far. */
export function Sharing({ connection, etag }: SharingProps) {
  const { sourceOrg: org, id, share, shareRevokedBefore } = connection;
  const path = { org, id };
  const params = { path, header: { 'If-Match': etag } };
  const [{ of, wanted }, choose] = useState({ of: share, wanted: share });
  // What is stored by now, from here or by somebody else, takes the place of a choice.
  if (of !== share) choose({ of: share, wanted: share });
  const change = useMutation({
    mutationFn: () =>
      bodyFrom(
        connectionManagement.PATCH('/v1/source-orgs/{org}/connections/{id}', { params, body: { share: wanted } }),
      ),
  });
  const revoke = useMutation({
    mutationFn: () =>
      bodyFrom(
        connectionManagement.POST('/v1/source-orgs/{org}/connections/{id}/revoke-snapshots', { params: { path } }),
      ),
  });
  const error = change.error ?? revoke.error;
  const question = widening(share, wanted);
  const isDone = wanted === share || change.isSuccess;
  const ask = useAsk();
  const askToRevoke = () => ask('Revoke links', revoking, revoke.mutate);
  return (
    <section className="stack">
      <h2>Snapshots</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isDone || change.isPending) return;
          if (question) ask('Share', question, change.mutate);
          else change.mutate();
        }}
      >
        <NativeSelect
          label="Anyone with the link in a page can see, for 7 days and without a login"
          description="Applies to existing links too"
          value={wanted}
          data={options}
          onChange={({ currentTarget }) => {
            change.reset();
            choose({ of: share, wanted: currentTarget.value as Connection['share'] });
          }}
        />
        <div className="row">
          <Permitted permission="credentials:write" type="submit" disabled={isDone}>
            Save
          </Permitted>
          <Permitted permission="credentials:write" onClick={askToRevoke}>
            Revoke links
          </Permitted>
          {shareRevokedBefore && (
            <span>
              Links were last revoked <Time at={shareRevokedBefore} as="ago" />.
            </span>
          )}
          <span role="status">
            {change.isSuccess && 'Saved.'} {revoke.isSuccess && 'Revoked. It takes effect within seconds.'}
          </span>
        </div>
      </form>
      {error && <ProblemWords error={error} />}
    </section>
  );
}
