import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { Confirm } from '../look/form/confirm.tsx';
import { Drawer } from '../look/form/drawer.tsx';

const route = getRouteApi('/o/$org/integrations/$name/delete');

/** Deletes an integration. Whatever others changed meanwhile goes with it, so any version will do. */
export function DeleteIntegration() {
  const { org, name } = route.useParams();
  const navigate = route.useNavigate();
  const close = (ignoreBlocker: boolean) =>
    void navigate({ to: '/o/$org/integrations', params: { org }, ignoreBlocker });
  const remove = useMutation({
    mutationFn: () => {
      const params = { path: { org, name }, header: { 'If-Match': '*' } };
      return bodyFrom(connectionManagement.DELETE('/v1/source-orgs/{org}/integrations/{name}', { params }));
    },
    onSuccess: () => close(true),
  });
  return (
    <Drawer title="Delete integration" onClose={() => close(false)}>
      <Confirm
        name={name}
        action="Delete"
        permission="tokens:write"
        error={remove.error}
        onAgree={() => remove.isPending || remove.mutate()}
      >
        All its tokens are revoked. Alerts and recoveries that use them are rejected within seconds. This cannot be
        undone.
      </Confirm>
    </Drawer>
  );
}
