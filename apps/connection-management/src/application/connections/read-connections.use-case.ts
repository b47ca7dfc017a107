import type { Connection } from '../../domain/connection.ts';
import type { Page, PageQuery, Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

/** Reads connections; each source org sees its own and no others. */
export class ReadConnections {
  constructor(private readonly store: Store) {}

  async one(sourceOrg: string, id: string): Promise<Outcome<Connection>> {
    const connection = await this.store.connection(sourceOrg, id);
    return connection ? carriedOut(connection) : refused({ reason: 'not-found', what: `connection ${id}` });
  }

  page(sourceOrg: string, query: PageQuery): Promise<Page<Connection>> {
    return this.store.connections(sourceOrg, query);
  }
}
