import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Page, PageQuery, Store, Unit } from '../ports.ts';

/** Few enough that their rows are locked for a moment only. */
const atOnce = 50;

/**
 * Publishes every connection and the settings of every source org again, as they stand, for a Kafka that has lost them.
 *
 * It may be ended and begun again at any time: whoever reads a record twice learns nothing new. Each is locked as it is
 * queued, so that no change is overtaken.
 */
export class Republish {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Tells after each source org how many of its connections were queued. */
  async run(caller: Caller, onSourceOrg: (sourceOrg: string, connections: number) => void): Promise<void> {
    for await (const { sourceOrg } of all((query) => this.store.sourceOrgs(query, 'all'))) {
      onSourceOrg(sourceOrg, await this.sourceOrg(sourceOrg, caller));
    }
  }

  private async sourceOrg(sourceOrg: string, caller: Caller): Promise<number> {
    const ids: string[] = [];
    for await (const { id } of all((query) => this.store.connections(sourceOrg, query))) ids.push(id);
    for (let from = 0; from < ids.length; from += atOnce) {
      await this.store.transaction(async (unit) => {
        for (const id of ids.slice(from, from + atOnce)) await republishConnection(unit, sourceOrg, id);
      });
    }
    await this.store.transaction(async (unit) => {
      const at = this.clock.now();
      const settings = await unit.lockSourceOrg(sourceOrg);
      if (settings.version > 0) await unit.publish({ kind: 'source-org', settings, at });
      const after = { connections: ids.length, settings: settings.version > 0 };
      await unit.audit({
        ...caller,
        sourceOrg,
        action: 'source-org.republished',
        target: sourceOrg,
        before: null,
        after,
        at,
      });
    });
    return ids.length;
  }
}

// Deleted meanwhile, it has its tombstone.
async function republishConnection(unit: Unit, sourceOrg: string, id: string): Promise<void> {
  const connection = await unit.lockConnection(id, sourceOrg);
  if (connection) await unit.publish({ kind: 'connection', connection });
}

async function* all<T>(pageOf: (query: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const { items, next } = await pageOf({ limit: 200, after });
    yield* items;
    after = next;
  } while (after !== undefined);
}
