import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Drawer } from '../look/form/drawer.tsx';
import { useFieldErrors } from '../look/form/field-errors.ts';
import { Permitted } from '../look/form/permitted.tsx';
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
  const [lacksRights, setLacksRights] = useState(false);
  // A token that may send alerts names an integration, which this form does not ask for.
  const offered = me ? heldIn(me, org).filter((name) => name !== 'alerts:write') : [];
  const { form, errors } = useFieldErrors(token.error?.problem);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const permissions = typed.getAll('permission') as NonNullable<NewTokenInput['permissions']>;
    setLacksRights(permissions.length === 0);
    if (permissions.length === 0) return;
    token.make({ name: String(typed.get('name')), permissions, expiresInDays: Number(typed.get('days')) });
  };
  return (
    <form ref={form} className="stack" onSubmit={submit}>
      <TextInput name="name" label="Name" required data-autofocus maxLength={100} error={errors.name} />
      <fieldset className="stack">
        <legend>Permissions (at most your own)</legend>
        {offered.map((name) => (
          <Checkbox key={name} name="permission" value={name} label={name} />
        ))}
      </fieldset>
      {lacksRights && <p role="alert">Select at least one permission.</p>}
      <NativeSelect
        name="days"
        label="Expires after"
        defaultValue="90"
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
