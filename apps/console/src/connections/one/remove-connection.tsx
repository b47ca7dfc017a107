import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { bodyFrom, connectionManagement } from '../../api/client.ts';
import { usePagesOver } from '../../history/use-pages-over.ts';
import { Confirm } from '../../look/form/confirm.tsx';
import { handlesOverQuery } from '../queries.ts';
import { ConnectionDrawer, type FormProps } from './connection-drawer.tsx';
import { removal, removing } from './words.ts';

/** Removes a connection; while that takes long, also without its open pages being resolved. */
export const RemoveConnection = () => (
  <ConnectionDrawer title="Delete connection" form={(props) => <RemoveForm {...props} />} />
);

function RemoveForm({ now: { value, etag }, onDone }: FormProps) {
  const { sourceOrg: org, id, name, deletion } = value;
  const force = deletion !== undefined;
  const navigate = useNavigate();
  const handles = useQuery(handlesOverQuery(org, id)).data?.total;
  const pages = usePagesOver(org).pagesOf(id);
  const remove = useMutation({
    mutationFn: () => {
      const params = { path: { org, id }, header: { 'If-Match': etag }, query: { force } };
      return bodyFrom(connectionManagement.DELETE('/v1/source-orgs/{org}/connections/{id}', { params }));
    },
    onSuccess: () => (force ? navigate({ to: '/o/$org/connections', params: { org }, ignoreBlocker: true }) : onDone()),
  });
  const form = (
    <Confirm
      name={name}
      action={force ? 'Delete now' : 'Delete'}
      permission="connections:write"
      error={remove.error}
      onAgree={() => remove.isPending || remove.mutate()}
    >
      {force
        ? 'If you delete the connection now, its open pages stay open in the destination, because the keys to resolve them are deleted.'
        : `${removing(handles, pages)} This cannot be undone.`}
    </Confirm>
  );
  if (!deletion) return form;
  return (
    <div className="stack">
      <p role="status">{removal(deletion)}</p>
      <details>
        <summary>If this takes too long</summary>
        {form}
      </details>
    </div>
  );
}
