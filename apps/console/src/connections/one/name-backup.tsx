import { NativeSelect, TextInput, type TextInputProps } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { connectionManagement, versionedFrom } from '../../api/client.ts';
import { useFieldErrors, valuesOf } from '../../look/form/field-errors.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import { Notice } from '../../look/notice/notice.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { type ConnectionPatch, connectionsQuery, handlesOverQuery } from '../queries.ts';
import { ConnectionDrawer, type FormProps } from './connection-drawer.tsx';
import { Stale } from './stale.tsx';
import { patchFrom } from './words.ts';

/** Changes the name and slug of a connection, and whom it pages if a page is not accepted in time. */
export const NameBackup = () => (
  <ConnectionDrawer title="Name and backup" form={(props) => <NameBackupForm {...props} />} />
);

function NameBackupForm({ opened, now, onDone }: FormProps) {
  const { sourceOrg: org, id, name, slug, failover, destinationOrg } = opened.value;
  // The version that the person changes: the one of the opened drawer, later what was stored from here.
  const [read, setRead] = useState(opened);
  const list = useId();
  const [backup, setBackup] = useState(failover?.connectionId ?? '');
  const others = (useQuery(connectionsQuery(org)).data?.items ?? []).filter((its) => its.id !== id);
  const options = [
    { value: '', label: 'No backup' },
    // Without an option of its own, a backup that is not in the list would be removed.
    ...(failover && !others.some((its) => its.id === failover.connectionId) ? [failover.connectionId] : []),
    ...others.map((its) => ({ value: its.id, label: its.name })),
  ];
  const handles = useQuery({ ...handlesOverQuery(org, backup), enabled: backup !== '' });
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
  const { form, errors } = useFieldErrors(error?.problem);
  const field = (its: string, props: TextInputProps) => (
    <TextInput name={its} data-autofocus={its === 'name' || undefined} error={errors[its]} {...props} />
  );
  const known = failover?.connectionId === backup ? failover : undefined;
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const patch = patchFrom(valuesOf(event.currentTarget), read.value);
        if (!change.isPending) change.mutate({ etag: read.etag, patch });
      }}
    >
      {field('name', { label: 'Connection Name', defaultValue: name, required: true, maxLength: 100 })}
      {field('slug', {
        label: 'Slug',
        description: `Used in handles: @oncall-${slug}/... The previous slug keeps working for a while.`,
        defaultValue: slug,
        required: true,
        maxLength: 63,
      })}
      <NativeSelect
        name="failover.connectionId"
        label="Backup connection"
        description={`Used if ${destinationOrg.name} does not accept a page in time`}
        value={backup}
        data={options}
        onChange={({ currentTarget }) => setBackup(currentTarget.value)}
        error={errors['failover.connectionId']}
      />
      {backup !== '' && (
        <div key={backup} className="stack">
          {field('failover.teamHandle', {
            label: 'Backup team',
            description: 'Team handle without @oncall-',
            defaultValue: known?.teamHandle,
            required: true,
            maxLength: 195,
            list,
          })}
          <datalist id={list}>
            {handles.data?.items.map(({ teamHandle, teamName }) => (
              <option key={teamHandle} value={teamHandle} label={teamName} />
            ))}
          </datalist>
          {field('failover.afterSeconds', {
            label: 'Fail over after (seconds)',
            description: 'Default: 120',
            defaultValue: known?.afterSeconds,
            type: 'number',
            min: 5,
            max: 14_400,
          })}
          {field('failover.afterFailures', {
            label: 'Fail over after (failed calls)',
            description: 'Optional',
            defaultValue: known?.afterFailures,
            type: 'number',
            min: 1,
            max: 100,
          })}
        </div>
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
