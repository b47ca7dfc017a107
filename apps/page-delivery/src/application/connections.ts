import type { Connection } from '@pagebridge/contracts';

/** The table of connections. An older version never replaces a newer one. */
export class Connections {
  private readonly byId = new Map<string, Connection>();
  /** Returns whether a connection may be missing here because a part of the table was not read. */
  mayLack: () => boolean = () => false;

  get(id: string): Connection | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<Connection> {
    return this.byId.values();
  }

  /** Returns the connections that are being deleted: their open pages must be resolved. */
  deleting(): Connection[] {
    return [...this.byId.values()].filter(({ deleting }) => deleting);
  }

  /** Stores a connection; null deletes it. Returns whether anything changed. */
  apply(id: string, connection: Connection | null): boolean {
    if (!connection) return this.byId.delete(id);
    const known = this.byId.get(id);
    if (known && known.version >= connection.version) return false;
    this.byId.set(id, connection);
    return true;
  }
}
