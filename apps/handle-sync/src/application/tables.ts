import type { Connection, Handle } from '@pagebridge/contracts';
import type { KnownTeam } from '../domain/team.ts';
import type { HandleWrite } from './ports.ts';
import { Returns } from './returns.ts';

type Teams = ReadonlyMap<string, KnownTeam>;
const none: Teams = new Map();
const neverRenamed: KnownTeam['formerHandles'] = [];

/** Told of what the tables show, after they show it. */
export interface TableListener {
  connectionChanged(connectionId: string, before: Connection | undefined, after: Connection | undefined): void;
  /** A handle of a connection that is not there. */
  handleOrphaned(connectionId: string): void;
}

/**
 * Every connection and handle as Kafka has them: what syncs are compared with.
 *
 * Written only by what is read from Kafka, so that this process, the next owner of a connection and the router agree.
 */
export class Tables {
  private readonly connections = new Map<string, Connection>();
  private readonly handles = new Map<string, Map<string, KnownTeam>>();
  /** Connections whose record cannot be read: they exist, so their handles are no orphans. */
  private readonly unreadable = new Set<string>();
  private readonly returns = new Returns();
  private listener?: TableListener;
  private count = 0;

  /** From now on the listener hears of changes; what is there already is read with `ids` and `connection`. */
  follow(listener: TableListener): void {
    this.listener = listener;
  }

  get handleCount(): number {
    return this.count;
  }

  connection(connectionId: string): Connection | undefined {
    return this.connections.get(connectionId);
  }

  handlesOf(connectionId: string): Teams {
    return this.handles.get(connectionId) ?? none;
  }

  /** Handles are there and their connection is not. */
  isOrphaned(connectionId: string): boolean {
    const known = this.connections.has(connectionId) || this.unreadable.has(connectionId);
    return !known && this.handles.has(connectionId);
  }

  /** Every connection there is, and every one that left handles behind. */
  ids(): Set<string> {
    return new Set([...this.connections.keys(), ...this.handles.keys()]);
  }

  /** Takes a connection in; false when it is older than the one known. */
  applyConnection(connectionId: string, connection: Connection | null): boolean {
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

  applyHandle(connectionId: string, teamId: string, handle: Handle | null): void {
    const known = this.handles.get(connectionId) ?? new Map<string, KnownTeam>();
    this.count -= known.size;
    if (handle) known.set(handle.teamId, knownTeam(handle));
    else known.delete(teamId);
    this.count += known.size;
    if (known.size > 0) this.handles.set(connectionId, known);
    else this.handles.delete(connectionId);
    this.returns.arrived(connectionId, teamId, handle);
    if (handle && this.isOrphaned(connectionId)) this.listener?.handleOrphaned(connectionId);
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

// There may be a million of them: no more is kept than syncs compare with.
const knownTeam = ({ teamId, teamHandle, teamName, formerHandles, changedAt, firstSeenAt }: Handle): KnownTeam => ({
  teamId,
  teamHandle,
  teamName,
  formerHandles: formerHandles.length > 0 ? formerHandles : neverRenamed,
  firstSeen: Date.parse(firstSeenAt ?? changedAt),
});
