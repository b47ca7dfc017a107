import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';

export type IntegrationInput = components['schemas']['NewIntegration'];
type Added = components['schemas']['IntegrationAnswer'];
/** An integration with those of its tokens that have not ended, or ended within the last day. */
export type Integration = Added & { readonly tokens: readonly components['schemas']['TokenAnswer'][] };

/** More integrations than an org may have, and more tokens than anybody makes of one. */
const limit = 200;

/** The integrations of a source org with their tokens, by their names. */
export const integrationsQuery = (org: string) =>
  queryOptions({
    queryKey: ['connection-management', 'integrations', org],
    // Whoever has pasted a token waits for its first use.
    meta: { everyMs: 15_000 },
    queryFn: async ({ signal }): Promise<Integration[]> => {
      const tokensOf = (integration: string) => {
        const params = { path: { org }, query: { integration, limit } };
        return bodyFrom(connectionManagement.GET('/v1/source-orgs/{org}/tokens', { params, signal }));
      };
      const params = { path: { org }, query: { limit } };
      const list = connectionManagement.GET('/v1/source-orgs/{org}/integrations', { params, signal });
      const { items } = await bodyFrom(list);
      return Promise.all(items.map(async (its) => ({ ...its, tokens: (await tokensOf(its.name)).items })));
    },
  });
