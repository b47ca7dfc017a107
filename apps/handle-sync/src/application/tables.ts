import type { Connection, Handle, SourceOrg } from '@pagebridge/contracts';
import type { FedRegistry, HandleRegistry, KnownTeam } from '@pagebridge/handle-registry';
import type { HandleWrite } from './ports.ts';
import { Returns } from './returns.ts';

/** Told of what the tables show, after they show it. */
export interface TableListener {
  connectionChanged(connectionId: string, before: Connection | undefined, after: Connection | undefined): void;
  /** A handle of a connection that is not there. */
  handleOrphaned(connectionId: string): void;
}

/**
 * Every connection and handle as Kafka has them: what syncs are compared with. The handles are those of the registry, which
 * search asks; of connections the registry keeps no credential.
 *
 * Written only by what is read from Kafka, so that this process, the next owner of a connection and the router agree.
 */
export class Tables implements FedRegistry {
  private readonly connections = new Map<string, Connection>();
  /** Connections whose record cannot be read: they exist, so their handles are no orphans. */
  private readonly unreadable = new Set<string>();
  private readonly returns = new Returns();
  private listener?: TableListener;

  constructor(private readonly registry: HandleRegistry) {}

  /** From now on the listener hears of changes; what is there already is read with `ids` and `connection`. */
  follow(listener: TableListener): void {
    this.listener = listener;
  }

  connection(connectionId: string): Connection | undefined {
    return this.connections.get(connectionId);
  }

  handlesOf(connectionId: string): ReadonlyMap<string, KnownTeam> {
    return this.registry.teamsOf(connectionId);
  }

  /** Handles are there and their connection is not. */
  isOrphaned(connectionId: string): boolean {
    const known = this.connections.has(connectionId) || this.unreadable.has(connectionId);
    return !known && this.handlesOf(connectionId).size > 0;
  }

  /** Every connection there is, and every one that left handles behind. */
  ids(): Set<string> {
    return new Set([...this.connections.keys(), ...this.registry.connectionsWithTeams()]);
  }

  /** Takes a connection in; false when it is older than the one known. */
  applyConnection(connectionId: string, connection: Connection | null): boolean {
    // Search first, so that whoever hears of a connection can find it.
    this.registry.applyConnection(connectionId, connection);
    const before = this.connections.get(connectionId);
    if (connection && before && connection.version < before.version) return false;
    this.unreadable.delete(connectionId);
    if (connection) this.connections.set(connectionId, connection);
    else this.connections.delete(connectionId);
    this.listener?.connectionChanged(connectionId, before, connection ?? undefined);
    return true;
  }

  /** A record that cannot be read stands for the connection as it was before. */
  connectionUnreadable(connectionId: string): void {
    if (!this.connections.has(connectionId)) this.unreadable.add(connectionId);
  }

  applyHandle(key: string, handle: Handle | null): void {
    this.registry.applyHandle(key, handle);
    this.returns.arrived(key, handle);
    if (handle && this.isOrphaned(handle.connectionId)) this.listener?.handleOrphaned(handle.connectionId);
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void {
    this.registry.applySourceOrg(sourceOrg, settings);
  }

  /**
   * Resolves true once all these writes have come back from Kafka, false when `withinMs` has passed before.
   *
   * Call it before publishing. The next sync of a connection begins after that, or it would compare with what was.
   */
  returnOf(writes: readonly HandleWrite[], withinMs: number): Promise<boolean> {
    return this.returns.of(writes, withinMs);
  }
}
