import type { AccessToken } from '../../domain/tokens/access-token.ts';
import type { Page, PageQuery, Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

/** Reads API tokens; each source org sees its own and no others. */
export class ReadTokens {
  constructor(private readonly store: Store) {}

  async one(sourceOrg: string, id: string): Promise<Outcome<AccessToken>> {
    const token = await this.store.token(sourceOrg, id);
    return token ? carriedOut(token) : refused({ reason: 'not-found', what: `API token ${id}` });
  }

  page(sourceOrg: string, query: PageQuery): Promise<Page<AccessToken>> {
    return this.store.tokens(sourceOrg, query);
  }
}
