import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { Copy } from '../look/copy.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { TokenOnce } from '../tokens/token-once.tsx';
import type { Integration } from './queries.ts';
import { places, setups, urlOf } from './setups.ts';

/** Makes a token of an integration. Its text is only in the component that asked for it. */
export function useNewToken(org: string) {
  const [text, setText] = useState<string>();
  const { mutate, error, isPending } = useMutation({
    // Returns nothing, since what it returns would be in the cache of mutations.
    mutationFn: async (integration: string): Promise<void> => {
      const params = { path: { org } };
      const body = { name: integration, permissions: ['alerts:write' as const], integration, expiresInDays: 90 };
      setText((await bodyFrom(connectionManagement.POST('/v1/source-orgs/{org}/tokens', { params, body }))).token);
    },
  });
  return { text, make: mutate, error, isPending };
}

interface TokenStepProps extends Pick<Integration, 'name' | 'kind'> {
  readonly token: ReturnType<typeof useNewToken>;
}

/** Offers to make a token of an integration; shows it once, and what to paste at the system that sends. */
export function TokenStep({ name, kind, token }: TokenStepProps) {
  if (token.text === undefined) {
    return (
      <div className="stack">
        <p>A token of {name} sends its alerts and can do nothing else. It ends in 90 days.</p>
        {token.error && <ProblemWords error={token.error} />}
        <div>
          <Permitted
            permission="tokens:write"
            variant="filled"
            loading={token.isPending}
            onClick={() => token.make(name)}
          >
            Make the token
          </Permitted>
        </div>
      </div>
    );
  }
  const { parts, place, page } = setups[kind];
  return (
    <TokenOnce token={token.text}>
      <p>
        Then paste this at the system that sends. The token goes where it is <mark>marked</mark>: {place}. The how-to is{' '}
        <code>docs/how-to/{page}.md</code>.
      </p>
      {Object.entries({ URL: urlOf(kind), ...parts }).map(([what, text]) => (
        <div key={what}>
          <div className="spread">
            The {what} <Copy text={text} what={`the ${what}`} />
          </div>
          <pre>
            <code>{text.split(places).map((part) => (places.test(part) ? <mark key={part}>{part}</mark> : part))}</code>
          </pre>
        </div>
      ))}
    </TokenOnce>
  );
}
