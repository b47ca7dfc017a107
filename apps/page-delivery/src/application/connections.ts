import type { Connection } from '@pagebridge/contracts';

/** The table of connections; an older version never replaces a newer one. */
export class Connections {
  private readonly byId = new Map<string, Connection>();

  get(id: string): Connection | undefined {
    return this.byId.get(id);
  }

  /** Those of which nothing may be left open. */
  deleting(): Connection[] {
    return [...this.byId.values()].filter(({ deleting }) => deleting);
  }

  /** Null deletes it. Returns whether anything changed. */
  apply(id: string, connection: Connection | null): boolean {
    if (!connection) return this.byId.delete(id);
    const known = this.byId.get(id);
    if (known && known.version >= connection.version) return false;
    this.byId.set(id, connection);
    return true;
  }
}
