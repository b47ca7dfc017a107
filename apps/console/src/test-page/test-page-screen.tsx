import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { type Connection, connectionsQuery, handlesOverQuery } from '../connections/queries.ts';
import { useAsk } from '../look/form/ask.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { Read } from '../look/notice/read.tsx';
import { Title } from '../look/title.tsx';
import { sessionQuery } from '../session/session.ts';
import { Progress } from './progress.tsx';
import { sendTest } from './queries.ts';

const route = getRouteApi('/o/$org/test');

/** Pages a team for a test, and shows each step of the page until it is resolved. */
export function TestPageScreen() {
  const { org } = route.useParams();
  const query = useQuery(connectionsQuery(org));
  const { data: session } = useQuery(sessionQuery);
  return (
    <div className="stack">
      <Title text="Test page" />
      <p>A test page is marked as a test, takes the same path as any alert, and is resolved when it is accepted.</p>
      {session && !session.services.includes('alert-intake') ? (
        <Notice>Test pages require alert-intake, which is not connected to this console. Ask your operator.</Notice>
      ) : (
        <Read query={query} what="Connections" from="connection-management">
          {({ items }) => <Chosen connections={items} />}
        </Read>
      )}
    </div>
  );
}

function Chosen({ connections }: { readonly connections: readonly Connection[] }) {
  const { connection = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = connections.find(({ id }) => id === connection);
  return (
    <>
      <NativeSelect
        label="Connection"
        maw={480}
        value={chosen?.id ?? ''}
        data={[
          { value: '', label: 'Choose a connection' },
          ...connections.map(({ id, name, destinationOrg }) => ({
            value: id,
            label: `${name}, to ${destinationOrg.name}`,
          })),
        ]}
        onChange={({ currentTarget }) => void navigate({ search: { connection: currentTarget.value }, replace: true })}
      />
      {chosen && <Teams key={chosen.id} connection={chosen} />}
    </>
  );
}

/** Lets a person choose a team, and asks before anybody is woken. */
function Teams({ connection }: { readonly connection: Connection }) {
  const { sourceOrg: org, id, destinationOrg } = connection;
  const query = useQuery(handlesOverQuery(org, id));
  const [handle, setHandle] = useState('');
  const send = useMutation({ mutationFn: () => sendTest(org, handle) });
  const ask = useAsk();
  return (
    <Read query={query} what="Teams" from="handle-sync">
      {({ items, total }) => {
        const team = items.find(({ qualifiedHandle }) => qualifiedHandle === handle);
        return (
          <div className="stack">
            <NativeSelect
              label="Team"
              maw={480}
              description={total > items.length ? `Showing the first ${items.length} of ${total}` : undefined}
              value={handle}
              data={[
                { value: '', label: items.length === 0 ? 'This connection has no teams' : 'Choose a team' },
                ...items.map((its) => ({
                  value: its.qualifiedHandle,
                  label: `${its.teamName}, ${its.qualifiedHandle}`,
                })),
              ]}
              onChange={({ currentTarget }) => setHandle(currentTarget.value)}
            />
            {team && (
              <Permitted
                permission="alerts:test"
                loading={send.isPending}
                onClick={() =>
                  ask(
                    'Send now',
                    `This wakes the person on call for ${team.teamHandle} in ${destinationOrg.name}.`,
                    send.mutate,
                  )
                }
              >
                Send a test page
              </Permitted>
            )}
            {send.error && <ProblemWords error={send.error} />}
            {send.data && <Progress key={send.data.id} org={org} test={send.data} destination={destinationOrg.name} />}
          </div>
        );
      }}
    </Read>
  );
}
