import { ConnectionEntry } from './connection-entry.ts';
import type { ConnectionFact, HandleFact, SourceOrgFact } from './facts.ts';
import { HandleRows } from './handle-rows.ts';
import { OrgEntry } from './org-entry.ts';
import { OrgOrders } from './org-orders.ts';

/** All that is known, and how a fact changes it. Facts may come in any order between topics. */
export class RegistryState {
  readonly rows = new HandleRows();
  readonly #orgs = new Map<string, OrgEntry>();
  readonly #orgsByNumber: OrgEntry[] = [];
  readonly #connections = new Map<string, ConnectionEntry>();
  readonly #connectionsByNumber: ConnectionEntry[] = [];

  get orgs(): readonly OrgEntry[] {
    return this.#orgsByNumber;
  }

  /** Undefined for an org of which nothing was ever said: asking leaves no trace. */
  org(id: string): OrgEntry | undefined {
    return this.#orgs.get(id);
  }

  connectionOf(slot: number): ConnectionEntry {
    return this.#connectionsByNumber[this.rows.connectionOf(slot)] as ConnectionEntry;
  }

  applyConnection(id: string, fact: ConnectionFact | null): void {
    if (fact === null && !this.#connections.has(id)) return;
    const entry = this.#connection(id);
    const before = entry.summary && this.#org(entry.summary.sourceOrg);
    if (fact === null) entry.delete();
    else if (!entry.apply(fact)) return;
    before?.removeConnection(entry);
    if (fact) this.#org(fact.sourceOrg).addConnection(entry);
  }

  applyHandle(connectionId: string, teamId: string, fact: HandleFact | null): void {
    if (fact === null && !this.#connections.has(connectionId)) return;
    const connection = this.#connection(connectionId).number;
    const old = this.rows.findTeam(connection, teamId);
    if (old >= 0) this.#removeRow(old);
    if (fact === null) return;
    const org = this.#org(fact.sourceOrg);
    const { teamHandle, teamName, changedAt, firstSeenAt = changedAt } = fact;
    const firstSeen = Date.parse(firstSeenAt);
    const slot = this.rows.add({ org: org.number, connection, teamId, teamHandle, teamName, firstSeen });
    org.formerHandles.add(slot, fact.formerHandles);
    org.orders?.insert(slot);
    org.nearest.forget();
  }

  applySourceOrg(id: string, fact: SourceOrgFact | null): void {
    if (fact === null && !this.#orgs.has(id)) return;
    this.#org(id).applySettings(fact);
  }

  /** The org's rows in order; the first call sorts them, later changes keep them sorted. */
  ordersOf(org: OrgEntry): OrgOrders {
    org.orders ??= new OrgOrders(this.rows, org.number, (a, b) => this.#compareTeams(a, b));
    return org.orders;
  }

  // By connection id and team id, both fixed for a row's life, so that the order never needs repair.
  #compareTeams(a: number, b: number): number {
    const [left, right] = [this.connectionOf(a).id, this.connectionOf(b).id];
    if (left !== right) return left < right ? -1 : 1;
    return this.rows.teamIdOf(a) < this.rows.teamIdOf(b) ? -1 : 1;
  }

  #removeRow(slot: number): void {
    const org = this.#orgsByNumber[this.rows.orgOf(slot)];
    org?.orders?.remove(slot);
    org?.nearest.forget();
    org?.formerHandles.remove(slot);
    this.rows.remove(slot);
    if (this.rows.wantsReclaim) this.#reclaim();
  }

  #reclaim(): void {
    const moved = this.rows.reclaim();
    for (const org of this.#orgsByNumber) {
      org.formerHandles.renumber(moved);
      org.orders?.renumber(moved);
    }
  }

  #org(id: string): OrgEntry {
    const known = this.#orgs.get(id);
    if (known) return known;
    const org = new OrgEntry(id, this.#orgsByNumber.length);
    this.#orgs.set(id, org);
    this.#orgsByNumber.push(org);
    return org;
  }

  #connection(id: string): ConnectionEntry {
    const known = this.#connections.get(id);
    if (known) return known;
    const entry = new ConnectionEntry(id, this.#connectionsByNumber.length);
    this.#connections.set(id, entry);
    this.#connectionsByNumber.push(entry);
    return entry;
  }
}
