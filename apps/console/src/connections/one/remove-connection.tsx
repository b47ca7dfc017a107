import { TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { bodyFrom, connectionManagement } from '../../api/client.ts';
import { valuesOf } from '../../look/form/field-errors.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { handlesOverQuery } from '../queries.ts';
import { ConnectionDrawer, type FormProps } from './connection-drawer.tsx';
import { removal, removing } from './words.ts';

/** Removes a connection; while that takes long, also without its open pages being resolved. */
export const RemoveConnection = () => (
  <ConnectionDrawer title="Remove connection" form={(props) => <RemoveForm {...props} />} />
);

function RemoveForm({ now: { value, etag }, onDone }: FormProps) {
  const { sourceOrg: org, id, name, deletion } = value;
  const force = deletion !== undefined;
  const navigate = useNavigate();
  const handles = useQuery(handlesOverQuery(org, id)).data?.total;
  const [isOther, setOther] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const params = { path: { org, id }, header: { 'If-Match': etag }, query: { force } };
      return bodyFrom(connectionManagement.DELETE('/v1/source-orgs/{org}/connections/{id}', { params }));
    },
    onSuccess: () => (force ? navigate({ to: '/o/$org/connections', params: { org }, ignoreBlocker: true }) : onDone()),
  });
  const form = (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const isIts = valuesOf(event.currentTarget).name === name;
        setOther(!isIts);
        if (isIts && !isPending) mutate();
      }}
    >
      <p>
        {force
          ? 'Removed at once, its open pages stay open in the destination: the keys that could resolve them are deleted.'
          : `${removing(handles)} This cannot be undone.`}
      </p>
      <TextInput
        name="name"
        data-autofocus
        label={`Type the name: ${name}`}
        required
        error={isOther && `This is not ${name}.`}
      />
      {error && <ProblemWords error={error} />}
      <div>
        <Permitted permission="connections:write" variant="filled" type="submit">
          {force ? 'Remove at once' : 'Remove'}
        </Permitted>
      </div>
    </form>
  );
  if (!deletion) return form;
  return (
    <div className="stack">
      <p role="status">{removal(deletion)}</p>
      <details>
        <summary>If it does not end</summary>
        {form}
      </details>
    </div>
  );
}
