import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { cursorIn } from '../look/list/cursor.ts';

export type IntegrationInput = components['schemas']['NewIntegration'];
type Token = components['schemas']['TokenAnswer'];
type Added = components['schemas']['IntegrationAnswer'];
/** An integration with those of its tokens that have not ended, or ended within the last day. */
export type Integration = Added & { readonly tokens: readonly Token[] };

/** More integrations than an org may have. */
const limit = 200;

/** Returns all tokens of an org: to ask for those of each integration would take a hundred requests. */
async function tokensOf(org: string, signal: AbortSignal, cursor?: string): Promise<Token[]> {
  const params = { path: { org }, query: { limit, ...given({ cursor }) } };
  const list = connectionManagement.GET('/v1/source-orgs/{org}/tokens', { params, signal });
  const { items, next } = await bodyFrom(list);
  const after = cursorIn(next);
  return after === undefined ? items : [...items, ...(await tokensOf(org, signal, after))];
}

/** The integrations of a source org with their tokens, by their names. */
export const integrationsQuery = (org: string) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'integrations', org),
    // Whoever has pasted a token waits for its first use.
    meta: { everyMs: 15_000 },
    queryFn: async ({ signal }): Promise<Integration[]> => {
      const params = { path: { org }, query: { limit } };
      const list = connectionManagement.GET('/v1/source-orgs/{org}/integrations', { params, signal });
      const [{ items }, tokens] = await Promise.all([bodyFrom(list), tokensOf(org, signal)]);
      return items.map((its) => ({ ...its, tokens: tokens.filter(({ integration }) => integration === its.name) }));
    },
  });
