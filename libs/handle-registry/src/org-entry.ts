import type { ConnectionEntry } from './connection-entry.ts';
import type { SourceOrgFact } from './facts.ts';
import { FormerHandles } from './former-handles.ts';
import type { OrgOrders } from './org-orders.ts';
import { Recall } from './recall.ts';
import type { Nearest } from './resolution.ts';

/** What the registry keeps for one source org beside its rows. */
export class OrgEntry {
  readonly formerHandles = new FormerHandles();
  /** The nearest handles of unknown ones, until its rows or connections change. */
  readonly nearest = new Recall<Nearest | undefined>();
  /** Oldest first. */
  readonly connections: ConnectionEntry[] = [];
  fallbackHandle: string | undefined;
  /** Its rows in order, made when first asked for. */
  orders: OrgOrders | undefined;
  #localHandles: ReadonlySet<string> | undefined;
  #settingsVersion = -1;

  constructor(
    readonly id: string,
    readonly number: number,
  ) {}

  /** An older version changes nothing. Deletion forgets the version, since an org may come back. */
  applySettings(fact: SourceOrgFact | null): void {
    if (fact && fact.version < this.#settingsVersion) return;
    this.#settingsVersion = fact?.version ?? -1;
    // Most orgs declare none, and a look-up that has no set to look into waits for none.
    this.#localHandles = fact?.localHandles.length ? new Set(fact.localHandles) : undefined;
    this.fallbackHandle = fact?.fallbackHandle;
  }

  isLocal(name: string): boolean {
    return this.#localHandles?.has(name) ?? false;
  }

  addConnection(entry: ConnectionEntry): void {
    this.nearest.forget();
    this.connections.push(entry);
    this.connections.sort((a, b) => a.compareAge(b));
  }

  removeConnection(entry: ConnectionEntry): void {
    this.nearest.forget();
    const position = this.connections.indexOf(entry);
    if (position >= 0) this.connections.splice(position, 1);
  }

  /** The connection that has had this slug longest, enabled or not; two have it only while one hands it to the other. */
  withSlug(slug: string): ConnectionEntry | undefined {
    let first: ConnectionEntry | undefined;
    for (const entry of this.connections) {
      if (entry.summary?.slug === slug && (!first || entry.slugSince < first.slugSince)) first = entry;
    }
    return first;
  }
}
