import type { Connection, Directory, Handle, SourceOrg } from '@pagebridge/contracts';
import type { DirectoryFact, FedRegistry, HandleRegistry, KnownTeam } from '@pagebridge/handle-registry';

/** Is called after the tables have changed. */
export interface TableListener {
  /** A connection of the directory was added, changed or removed. */
  connectionsChanged(directory: string): void;
  /** A team changed; undefined if it was removed. */
  teamChanged(directory: string, teamId: string, team: KnownTeam | undefined): void;
  /** A former owner of the directory overwrote the record of the team. */
  overwritten(directory: string, teamId: string): void;
}

/**
 * The connections and teams that are in Kafka, with which syncs compare. The teams are those of the registry. Connections are
 * stored here too, because the registry keeps no credentials.
 *
 * Only records from Kafka change the tables, so that this process, the next owner of a directory and page-routing agree.
 */
export class Tables implements FedRegistry {
  private readonly connections = new Map<string, Connection>();
  /** Connections whose record cannot be read: they exist, but their directory is unknown. */
  private readonly unreadable = new Set<string>();
  private listener?: TableListener;

  /** `onSealed` receives the sealed credentials of each connection that changes; none if it was deleted. */
  constructor(
    private readonly registry: HandleRegistry,
    private readonly onSealed: (connectionId: string, sealed: readonly string[]) => void = () => undefined,
  ) {}

  /** Sets the listener for later changes; `directories` returns what is there already. */
  follow(listener: TableListener): void {
    this.listener = listener;
  }

  connection(connectionId: string): Connection | undefined {
    return this.connections.get(connectionId);
  }

  /** Returns the enabled connections of a directory, oldest first. */
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

  /** Returns every directory that has a connection, a team or a status. */
  directories(): string[] {
    return this.registry.directories();
  }

  /** Returns whether no connection uses the directory. False while a connection cannot be read. */
  isUnused(directory: string): boolean {
    return this.registry.connectionsIn(directory).length === 0 && this.unreadable.size === 0;
  }

  applyConnection(connectionId: string, connection: Connection | null): void {
    // The registry comes first, so that the listener finds the connection in it.
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

  /** Records that a connection exists whose record cannot be read. A known connection keeps its former state. */
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
