import type { Connection, Directory, Handle, SourceOrg } from '@pagebridge/contracts';
import type { DirectoryFact, FedRegistry, HandleRegistry, KnownTeam } from '@pagebridge/handle-registry';

/** Told of what the tables show, after they show it. */
export interface TableListener {
  /** A connection of this directory came, went or changed. */
  connectionsChanged(directory: string): void;
  /** What is known of the team changed; undefined where it is gone. */
  teamChanged(directory: string, teamId: string, team: KnownTeam | undefined): void;
  /** A former owner of the directory wrote over what Kafka has of the team. */
  overwritten(directory: string, teamId: string): void;
}

/**
 * Every connection and team as Kafka has them: what looks are compared with. The teams are those of the registry, which
 * search asks; of connections the registry keeps no credential.
 *
 * Written only by what is read from Kafka, so that this process, the next owner of a directory and the router agree.
 */
export class Tables implements FedRegistry {
  private readonly connections = new Map<string, Connection>();
  /** Connections whose record cannot be read: they exist, and nobody knows which directory they use. */
  private readonly unreadable = new Set<string>();
  private listener?: TableListener;

  /** `onSealed` hears how the credentials of each connection are sealed; of one that is gone, none. */
  constructor(
    private readonly registry: HandleRegistry,
    private readonly onSealed: (connectionId: string, sealed: readonly string[]) => void = () => undefined,
  ) {}

  /** From now on the listener hears of changes; what is there already is read with `directories`. */
  follow(listener: TableListener): void {
    this.listener = listener;
  }

  connection(connectionId: string): Connection | undefined {
    return this.connections.get(connectionId);
  }

  /** The enabled connections of a directory, oldest first. */
  enabledIn(directory: string): Connection[] {
    const enabled = this.registry.connectionsIn(directory).filter((connection) => connection.enabled);
    return enabled.flatMap(({ connectionId }) => this.connection(connectionId) ?? []);
  }

  teamsOf(directory: string): ReadonlyMap<string, KnownTeam> {
    return this.registry.teamsOf(directory);
  }

  statusOf(directory: string): DirectoryFact | undefined {
    return this.registry.directoryStatus(directory);
  }

  /** Every directory that has a connection, a team or a status. */
  directories(): string[] {
    return this.registry.directories();
  }

  /** No connection uses it, as far as all connections can be read. */
  isUnused(directory: string): boolean {
    return this.registry.connectionsIn(directory).length === 0 && this.unreadable.size === 0;
  }

  applyConnection(connectionId: string, connection: Connection | null): void {
    // Search first, so that whoever hears of a connection can find it.
    if (!this.registry.applyConnection(connectionId, connection)) return;
    const before = this.connections.get(connectionId);
    this.unreadable.delete(connectionId);
    if (connection) this.connections.set(connectionId, connection);
    else this.connections.delete(connectionId);
    this.onSealed(connectionId, connection ? sealsOf(connection) : []);
    for (const directory of new Set([before?.directory, connection?.directory])) {
      if (directory !== undefined) this.listener?.connectionsChanged(directory);
    }
  }

  /** A record that cannot be read stands for the connection as it was before. */
  connectionUnreadable(connectionId: string): void {
    if (!this.connections.has(connectionId)) this.unreadable.add(connectionId);
  }

  applyHandle(directory: string, teamId: string, handle: Handle | null): void {
    this.registry.applyHandle(directory, teamId, handle);
    this.listener?.teamChanged(directory, teamId, this.teamsOf(directory).get(teamId));
  }

  handleOverwritten(directory: string, teamId: string): void {
    this.listener?.overwritten(directory, teamId);
  }

  applyDirectory(directory: string, status: Directory | null): void {
    this.registry.applyDirectory(directory, status);
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void {
    this.registry.applySourceOrg(sourceOrg, settings);
  }
}

const sealsOf = ({ credential: { sealed, former } }: Connection): string[] =>
  former ? [sealed, former.sealed] : [sealed];
