import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import type { NewTokenInput } from './queries.ts';

/** Makes an API token of an org. Its text is only in the component that asked for it. */
export function useNewToken(org: string) {
  const [text, setText] = useState<string>();
  const { mutate, error, isPending } = useMutation({
    // Returns nothing, since what it returns would be in the cache of mutations.
    mutationFn: async (body: NewTokenInput): Promise<void> => {
      const params = { path: { org } };
      setText((await bodyFrom(connectionManagement.POST('/v1/source-orgs/{org}/tokens', { params, body }))).token);
    },
  });
  return { text, make: mutate, error, isPending };
}
