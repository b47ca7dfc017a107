import { NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { connectionManagement, versionedFrom } from '../../api/client.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import { useFields } from '../../look/form/use-fields.ts';
import { Notice } from '../../look/notice/notice.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { type ConnectionPatch, connectionsQuery, handlesOverQuery } from '../queries.ts';
import { ConnectionDrawer, type FormProps } from './connection-drawer.tsx';
import { Stale } from './stale.tsx';
import { backupFieldsOf, fieldsOf, patchFrom } from './words.ts';

/** Changes the name and slug of a connection, and whom it pages if a page is not accepted in time. */
export const NameBackup = () => (
  <ConnectionDrawer title="Name and backup" form={(props) => <NameBackupForm {...props} />} />
);

function NameBackupForm({ opened, now, onDone }: FormProps) {
  const { sourceOrg: org, id, slug, failover, destinationOrg } = opened.value;
  // The version that the person changes: the one of the opened drawer, later what was stored from here.
  const [read, setRead] = useState(opened);
  const list = useId();
  const others = (useQuery(connectionsQuery(org)).data?.items ?? []).filter((its) => its.id !== id);
  const options = [
    { value: '', label: 'No backup' },
    // Without an option of its own, a backup that is not in the list would be removed.
    ...(failover && !others.some((its) => its.id === failover.connectionId) ? [failover.connectionId] : []),
    ...others.map((its) => ({ value: its.id, label: its.name })),
  ];
  const change = useMutation({
    mutationFn: ({ etag, patch }: { readonly etag: string; readonly patch: ConnectionPatch }) => {
      const params = { path: { org, id }, header: { 'If-Match': etag } };
      return versionedFrom(
        connectionManagement.PATCH('/v1/source-orgs/{org}/connections/{id}', { params, body: patch }),
      );
    },
    // A warning is about what was stored, and is read before the drawer is closed.
    onSuccess: (stored) => (stored.value.warnings.length === 0 ? onDone() : setRead(stored)),
  });
  const { error, variables, data: stored } = change;
  // Their version is compared once it is read.
  const isStale = error?.problem?.code === 'if-match-stale' && now.etag !== read.etag;
  const { getInputProps, setFieldValue, onSubmit, values } = useFields(
    { initialValues: fieldsOf(opened.value) },
    error?.problem,
  );
  const backup = values.failover.connectionId;
  const handles = useQuery({ ...handlesOverQuery(org, backup), enabled: backup !== '' });
  const submit = onSubmit((typed) => {
    if (!change.isPending) change.mutate({ etag: read.etag, patch: patchFrom(typed, read.value) });
  });
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput label="Connection Name" data-autofocus required maxLength={100} {...getInputProps('name')} />
      <TextInput
        label="Slug"
        description={`Used in handles: @oncall-${slug}/... The previous slug keeps working for a while.`}
        required
        maxLength={63}
        {...getInputProps('slug')}
      />
      <NativeSelect
        label="Backup connection"
        description={`Used if ${destinationOrg.name} does not accept a page in time`}
        data={options}
        {...getInputProps('failover.connectionId')}
        onChange={({ currentTarget: { value } }) =>
          setFieldValue(
            'failover',
            backupFieldsOf(value === failover?.connectionId ? failover : { connectionId: value }),
          )
        }
      />
      {backup !== '' && (
        <>
          <TextInput
            label="Backup team"
            description="Team handle without @oncall-"
            required
            maxLength={195}
            list={list}
            {...getInputProps('failover.teamHandle')}
          />
          <datalist id={list}>
            {handles.data?.items.map(({ teamHandle, teamName }) => (
              <option key={teamHandle} value={teamHandle} label={teamName} />
            ))}
          </datalist>
          <TextInput
            label="Fail over after (seconds)"
            description="Default: 120"
            type="number"
            min={5}
            max={14_400}
            {...getInputProps('failover.afterSeconds')}
          />
          <TextInput
            label="Fail over after (failed calls)"
            description="Optional"
            type="number"
            min={1}
            max={100}
            {...getInputProps('failover.afterFailures')}
          />
        </>
      )}
      {error && !isStale && <ProblemWords error={error} />}
      {isStale && variables && (
        <Stale
          opened={read}
          now={now}
          mine={{ ...now.value, ...variables.patch }}
          onApply={(etag) => change.mutate({ etag, patch: variables.patch })}
        />
      )}
      {stored?.value.warnings.map(({ code, message, cure }) => (
        <Notice key={code} tone="waiting">
          Stored with a warning: {message}. {cure}
        </Notice>
      ))}
      <div>
        <Permitted permission="connections:write" variant="filled" type="submit">
          Save
        </Permitted>
      </div>
    </form>
  );
}
