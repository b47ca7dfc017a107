import { integrationKeyOf } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Page, PageQuery, Store, Unit } from '../ports.ts';
import { restateConnection, restateIntegration, restateSourceOrg, restateToken } from '../restate.ts';

/** The number of rows in a transaction: few, so that they are locked only for a moment. */
const atOnce = 50;

interface Queued {
  readonly connections: number;
  readonly tokens: number;
  readonly integrations: number;
}

/**
 * Publishes the current state of every connection, API token, integration and source org again, for a Kafka cluster that has lost them.
 *
 * Can be interrupted and restarted at any time: readers ignore what they already have. Each row is locked while it is queued,
 * so that no newer state is queued before it. Few events wait at once, so that changes by others do not wait behind all.
 */
export class Republish {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    /** Resolves once few enough events wait to be published. */
    private readonly untilFewWait: () => Promise<void>,
  ) {}

  /** Calls `onSourceOrg` after each source org with the numbers of what is queued of it. */
  async run(caller: Caller, onSourceOrg: (sourceOrg: string, queued: Queued) => void): Promise<void> {
    for await (const { sourceOrg } of all((query) => this.store.sourceOrgs(query, 'all'))) {
      onSourceOrg(sourceOrg, await this.sourceOrg(sourceOrg, caller));
    }
  }

  private async sourceOrg(sourceOrg: string, caller: Caller): Promise<Queued> {
    const connections = await this.each((query) => this.store.connections(sourceOrg, query), idOf, restateConnection);
    const tokens = await this.each((query) => this.store.tokens(sourceOrg, query), idOf, restateToken);
    const integrations = await this.each(
      (query) => this.store.integrations(sourceOrg, query),
      integrationKeyOf,
      restateIntegration,
    );
    await this.untilFewWait();
    await this.store.transaction(async (unit) => {
      const after = { connections, settings: await restateSourceOrg(unit, sourceOrg), tokens, integrations };
      await unit.audit({
        ...caller,
        sourceOrg,
        action: 'source-org.republished',
        target: sourceOrg,
        before: null,
        after,
        at: this.clock.now(),
      });
    });
    return { connections, tokens, integrations };
  }

  private async each<T>(
    pageOf: (query: PageQuery) => Promise<Page<T>>,
    keyOf: (item: T) => string,
    republish: (unit: Unit, key: string) => Promise<void>,
  ): Promise<number> {
    const keys: string[] = [];
    for await (const item of all(pageOf)) keys.push(keyOf(item));
    for (let from = 0; from < keys.length; from += atOnce) {
      await this.untilFewWait();
      await this.store.transaction(async (unit) => {
        for (const key of keys.slice(from, from + atOnce)) await republish(unit, key);
      });
    }
    return keys.length;
  }
}

const idOf = ({ id }: { readonly id: string }): string => id;

async function* all<T>(pageOf: (query: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const { items, next } = await pageOf({ limit: 200, after });
    yield* items;
    after = next;
  } while (after !== undefined);
}
