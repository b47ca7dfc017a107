import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Drawer } from '../look/form/drawer.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { useFields } from '../look/form/use-fields.ts';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { meQuery } from '../session/me.ts';
import { heldIn } from '../session/permissions.ts';
import type { NewTokenInput } from './queries.ts';
import { askIfStored, TokenOnce } from './token-once.tsx';
import { useNewToken } from './use-new-token.ts';

const route = getRouteApi('/o/$org/tokens/new');

/** Makes an API token and shows it once: its text is only in this drawer, and gone when it closes. */
export function NewToken() {
  const { org } = route.useParams();
  const navigate = route.useNavigate();
  const token = useNewToken(org);
  const close = () => void navigate({ to: '/o/$org/tokens', params: { org }, search: true });
  return (
    <Drawer title="Create API token" onClose={close} question={token.text && askIfStored}>
      {token.text ? <TokenOnce token={token.text} /> : <Form org={org} token={token} />}
    </Drawer>
  );
}

interface FormProps {
  readonly org: string;
  readonly token: ReturnType<typeof useNewToken>;
}

function Form({ org, token }: FormProps) {
  const { data: me } = useQuery(meQuery);
  // A token that may send alerts names an integration, which this form does not ask for.
  const offered = me ? heldIn(me, org).filter((name) => name !== 'alerts:write') : [];
  const form = useFields(
    {
      initialValues: { name: '', permissions: [] as NonNullable<NewTokenInput['permissions']>, days: '90' },
      validate: { permissions: (chosen) => chosen.length === 0 && 'Select at least one permission.' },
    },
    token.error?.problem,
  );
  const submit = form.onSubmit(({ days, ...its }) => token.make({ ...its, expiresInDays: Number(days) }));
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput label="Name" required data-autofocus maxLength={100} {...form.getInputProps('name')} />
      <Checkbox.Group
        label="Permissions (at most your own)"
        errorProps={{ role: 'alert' }}
        {...form.getInputProps('permissions')}
      >
        <div className="stack">
          {offered.map((name) => (
            <Checkbox key={name} value={name} label={name} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        label="Expires after"
        {...form.getInputProps('days')}
        data={['1', '7', '30', '90', '180', '366'].map((value) => ({
          value,
          label: value === '1' ? '1 day' : `${value} days`,
        }))}
      />
      {token.error && <ProblemWords error={token.error} />}
      <Permitted permission="tokens:write" type="submit" variant="filled" loading={token.isPending}>
        Create token
      </Permitted>
    </form>
  );
}
