import { NativeSelect, TextInput } from '@mantine/core';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { given } from '../api/given.ts';
import { Drawer } from '../look/form/drawer.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { useFields } from '../look/form/use-fields.ts';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { withoutPrefix } from '../settings/draft.ts';
import { askIfStored } from '../tokens/token-once.tsx';
import { useNewToken } from '../tokens/use-new-token.ts';
import type { IntegrationInput } from './queries.ts';
import { TokenStep, tokenOf } from './token-step.tsx';
import { kindWords } from './words.ts';

const route = getRouteApi('/o/$org/integrations/new');

/** Adds an integration, and makes its first token. */
export function AddIntegration() {
  const { org } = route.useParams();
  const navigate = route.useNavigate();
  const [added, setAdded] = useState<IntegrationInput>();
  const token = useNewToken(org);
  const onAdded = (integration: IntegrationInput) => {
    setAdded(integration);
    token.make(tokenOf(integration.name));
  };
  return (
    <Drawer
      title="Add integration"
      onClose={() => void navigate({ to: '/o/$org/integrations', params: { org } })}
      question={added && (token.text ? askIfStored : 'Close without a token? You can create one later.')}
    >
      {added ? <TokenStep {...added} token={token} /> : <Form org={org} onAdded={onAdded} />}
    </Drawer>
  );
}

interface FormProps {
  readonly org: string;
  readonly onAdded: (integration: IntegrationInput) => void;
}

function Form({ org, onAdded }: FormProps) {
  const add = useMutation({
    mutationFn: (body: IntegrationInput) => {
      const params = { path: { org } };
      return bodyFrom(connectionManagement.POST('/v1/source-orgs/{org}/integrations', { params, body }));
    },
  });
  const form = useFields({ initialValues: { name: '', kind: '', defaultHandle: '' } }, add.error?.problem);
  const submit = form.onSubmit(({ name, kind, defaultHandle }) => {
    const handle = given({ defaultHandle: withoutPrefix(defaultHandle) });
    const input = { name: name.trim(), kind: kind as IntegrationKind, ...handle };
    // Not called after the drawer was closed: nobody would see the token.
    add.mutate(input, { onSuccess: onAdded });
  });
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label="Name"
        description="Prefix of its alert keys, such as prometheus-eu. Cannot be changed."
        data-autofocus
        required
        maxLength={40}
        {...form.getInputProps('name')}
      />
      <NativeSelect label="Alerting system" required {...form.getInputProps('kind')}>
        <option value="">Choose a system</option>
        {integrationKinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindWords[kind]}
          </option>
        ))}
      </NativeSelect>
      <TextInput
        label="Default handle"
        description="Paged if an alert names no handle. If empty, such alerts page nobody."
        maxLength={220}
        {...form.getInputProps('defaultHandle')}
      />
      {add.error && <ProblemWords error={add.error} />}
      <Permitted permission="tokens:write" type="submit" variant="filled" loading={add.isPending}>
        Add integration
      </Permitted>
    </form>
  );
}
