import type { Connection } from './connection.ts';
import type { Directory } from './directory.ts';
import type { SourceOrgFact } from './facts.ts';
import type { Nearest } from './resolution.ts';
import { isInGrace, type Team } from './team.ts';
import type { Names } from './teams-by-name.ts';

// Shared by most orgs, because few have local handles.
const noHandles: ReadonlySet<string> = new Set();
const noConnections: readonly Connection[] = Object.freeze([]);

/** A source org: its connections, the directories that they read, and its settings. */
export class Org {
  readonly #names: Names;
  #localHandles = noHandles;
  #fallbackHandle: string | undefined;
  #settingsVersion = -1;
  #connections = noConnections;
  /** The connections by the number of their directory, oldest first. */
  #readers: ReadonlyMap<number, readonly Connection[]> = new Map();
  readonly #nearest = new Map<string, Nearest | undefined>();
  #nearestOf = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** The connections, enabled or not, oldest first. */
  get connections(): readonly Connection[] {
    return this.#connections;
  }

  get directories(): Directory[] {
    return this.directoriesOver(() => true);
  }

  get fallbackHandle(): string | undefined {
    return this.#fallbackHandle;
  }

  isLocal(name: string): boolean {
    return this.#localHandles.has(name);
  }

  /** Applies settings; returns false for an older version. A deletion forgets the version, since an org may return. */
  applySettings(fact: SourceOrgFact | null): boolean {
    if (fact && fact.version < this.#settingsVersion) return false;
    this.#settingsVersion = fact?.version ?? -1;
    this.#localHandles = fact?.localHandles.length ? new Set(fact.localHandles) : noHandles;
    this.#fallbackHandle = fact?.fallbackHandle;
    this.#nearest.clear();
    return true;
  }

  addConnection(connection: Connection): void {
    this.#setConnections([...this.#connections, connection].sort((a, b) => a.compareAge(b)));
  }

  deleteConnection(connection: Connection): void {
    this.#setConnections(this.#connections.filter((other) => other !== connection));
  }

  /**
   * Returns the connection that has had this slug longest, enabled or not; two have it only while it moves from one to
   * the other. If none has it, returns the oldest connection that had it and is in its grace period.
   */
  withSlug(slug: string, now: Date): Connection | undefined {
    let first: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.summary?.slug === slug && (!first || connection.slugSince < first.slugSince)) first = connection;
    }
    return first ?? this.#connections.find((connection) => connection.hadSlug(slug, now));
  }

  /** Returns the connections that read a directory, oldest first. */
  connectionsTo(directory: Directory): readonly Connection[] {
    return this.#readers.get(directory.number) ?? noConnections;
  }

  /** Returns the directories with a connection that passes the test. */
  directoriesOver(test: (connection: Connection) => boolean): Directory[] {
    return [...this.#readers.values()].flatMap((readers) => readers.find(test)?.directory ?? []);
  }

  /** Returns the teams on call that have this handle, in no particular order. */
  teamsWith(handle: string): readonly Team[] {
    return this.#names.present.within(this.#readers, handle);
  }

  /** Returns the teams on call that had this handle and are in its grace period, in no particular order. */
  teamsFormerlyWith(handle: string, now: Date): readonly Team[] {
    return this.#names.former.within(this.#readers, handle).filter((team) => isInGrace(team, handle, now));
  }

  /** A cache of the nearest handles of unknown names; emptied when a handle, the status of a directory, a connection or the settings of the org change. */
  get nearest(): Map<string, Nearest | undefined> {
    let revision = 0;
    for (const directory of this.directories) revision += directory.revision;
    if (revision !== this.#nearestOf) this.#nearest.clear();
    this.#nearestOf = revision;
    return this.#nearest;
  }

  #setConnections(connections: readonly Connection[]): void {
    this.#connections = connections;
    this.#readers = Map.groupBy(connections, ({ directory }) => directory?.number ?? -1);
    this.#nearest.clear();
  }
}
