import { NativeSelect, TextInput } from '@mantine/core';
import { slugFrom } from '@pagebridge/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Drawer } from '../../look/form/drawer.tsx';
import { Permitted } from '../../look/form/permitted.tsx';
import { Notice } from '../../look/notice/notice.tsx';
import { Read } from '../../look/notice/read.tsx';
import { KeyForm } from '../keys/key-form.tsx';
import { checkRequest, useChecks } from '../keys/use-checks.ts';
import { type CheckedConnection, connectionsQuery, dataCentersQuery, pathOf } from '../queries.ts';

const route = getRouteApi('/o/$org/connections/new');

/** Adds a connection: the add itself checks the keys, and stores nothing unless every check passes. */
export function AddConnection() {
  const { org } = route.useParams();
  const navigate = route.useNavigate();
  const dataCenters = useQuery(dataCentersQuery);
  const run = useChecks<CheckedConnection>();
  const to = { to: '/o/$org/connections', params: { org } } as const;
  const add = (input: object) => checkRequest('POST', pathOf(org, 'connections'), input);
  return (
    <Drawer
      title="Add connection"
      onClose={() => void navigate({ ...to, search: true })}
      question={run.isRunning ? 'The checks continue. If they pass, the connection is added.' : undefined}
    >
      <KeyForm
        run={run}
        usual={14}
        action="Add connection"
        requestOf={add}
        // Without its filters, the list shows the row.
        onDone={({ id }) => void navigate({ ...to, state: { added: id }, ignoreBlocker: true })}
        wordsFor={({ code, connectionId: id = '' }, send) => {
          if (code !== 'destination-taken') return undefined;
          const path = pathOf(org, `connections/${id}/credentials`);
          return (
            <Taken
              org={org}
              id={id}
              // The person decides by what was just answered, and has read no version.
              onReplace={() =>
                send(({ apiKey, applicationKey }) => checkRequest('PUT', path, { apiKey, applicationKey }, '*'))
              }
              onAddSecond={() => send((input) => add({ ...input, allowDuplicate: true }))}
            />
          );
        }}
      >
        {({ values: { name }, getInputProps }) => (
          <>
            <TextInput
              label="Connection Name"
              description={`handles: @oncall-${name.trim() ? slugFrom(name) : '…'}/...`}
              data-autofocus
              required
              maxLength={100}
              {...getInputProps('name')}
            />
            <Read query={dataCenters} what="Data centers" from="connection-management">
              {({ items }) => (
                <NativeSelect label="Datacenter" required {...getInputProps('dataCenter')}>
                  <option value="">Choose the data center of the destination org</option>
                  {items.map((its) => (
                    <option key={its.name} value={its.name}>
                      {[its.name, its.site, its.location].join('  ')}
                    </option>
                  ))}
                </NativeSelect>
              )}
            </Read>
          </>
        )}
      </KeyForm>
    </Drawer>
  );
}

interface TakenProps {
  readonly org: string;
  /** The connection that leads to the destination. */
  readonly id: string;
  readonly onReplace: () => void;
  readonly onAddSecond: () => void;
}

/** What a person may do whose keys lead to a destination that the org pages already. */
function Taken({ org, id, onReplace, onAddSecond }: TakenProps) {
  const { data } = useQuery(connectionsQuery(org));
  const by = data?.items.find((connection) => connection.id === id);
  const isLeaving = by?.status === 'deleting';
  const actions = (
    <>
      {!isLeaving && (
        <Permitted permission="credentials:write" onClick={onReplace}>
          Replace the keys of this connection
        </Permitted>
      )}
      <Permitted permission="credentials:write" onClick={onAddSecond}>
        Add a second connection (each handle then has two teams)
      </Permitted>
    </>
  );
  return (
    <Notice tone="bad" actions={actions}>
      {org} already pages {by ? `${by.destinationOrg.name} over ${by.name}` : 'this destination'}
      {isLeaving && ', which is being deleted'}.
    </Notice>
  );
}
