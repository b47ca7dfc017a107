import { Copy } from '../look/copy.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import type { NewTokenInput } from '../tokens/queries.ts';
import { TokenOnce } from '../tokens/token-once.tsx';
import type { useNewToken } from '../tokens/use-new-token.ts';
import type { Integration } from './queries.ts';
import { places, setups, urlOf } from './setups.ts';

/** Returns the input for a token that sends the alerts of an integration. */
export const tokenOf = (integration: string): NewTokenInput => ({
  name: integration,
  permissions: ['alerts:write'],
  integration,
  expiresInDays: 90,
});

interface TokenStepProps extends Pick<Integration, 'name' | 'kind'> {
  readonly token: ReturnType<typeof useNewToken>;
}

/** Offers to make a token of an integration; shows it once, and what to paste at the system that sends. */
export function TokenStep({ name, kind, token }: TokenStepProps) {
  if (token.text === undefined) {
    return (
      <div className="stack">
        <p>A token of {name} can only send its alerts. It expires in 90 days.</p>
        {token.error && <ProblemWords error={token.error} />}
        <div>
          <Permitted
            permission="tokens:write"
            variant="filled"
            loading={token.isPending}
            onClick={() => token.make(tokenOf(name))}
          >
            Create token
          </Permitted>
        </div>
      </div>
    );
  }
  const { parts, place, page } = setups[kind];
  return (
    <TokenOnce token={token.text}>
      <p>
        Then paste this into the alerting system. The token belongs in the <mark>marked</mark> place: {place}. For
        details, see <code>docs/how-to/{page}.md</code>.
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
