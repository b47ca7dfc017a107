import type { Connection } from './connection.ts';
import type { Directory } from './directory.ts';
import type { SourceOrgFact } from './facts.ts';
import type { Nearest } from './resolution.ts';
import { isInGrace, type Team } from './team.ts';
import type { Names } from './teams-by-name.ts';

// Most orgs declare none of their own.
const noHandles: ReadonlySet<string> = new Set();
const noConnections: readonly Connection[] = Object.freeze([]);

/** A source org: its connections, the directories that they read, and its settings. */
export class Org {
  readonly #names: Names;
  #localHandles = noHandles;
  #fallbackHandle: string | undefined;
  #settingsVersion = -1;
  #connections = noConnections;
  /** By the number of the directory that they read, oldest first. */
  #readers: ReadonlyMap<number, readonly Connection[]> = new Map();
  readonly #nearest = new Map<string, Nearest | undefined>();
  #nearestOf = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** Enabled or not, oldest first. */
  get connections(): readonly Connection[] {
    return this.#connections;
  }

  /** What its connections read. */
  get directories(): Directory[] {
    return this.directoriesOver(() => true);
  }

  get fallbackHandle(): string | undefined {
    return this.#fallbackHandle;
  }

  isLocal(name: string): boolean {
    return this.#localHandles.has(name);
  }

  /** False for an older version, which changes nothing. Deletion forgets the version, since an org may come back. */
  applySettings(fact: SourceOrgFact | null): boolean {
    if (fact && fact.version < this.#settingsVersion) return false;
    this.#settingsVersion = fact?.version ?? -1;
    this.#localHandles = fact?.localHandles.length ? new Set(fact.localHandles) : noHandles;
    this.#fallbackHandle = fact?.fallbackHandle;
    return true;
  }

  addConnection(connection: Connection): void {
    this.#setConnections([...this.#connections, connection].sort((a, b) => a.compareAge(b)));
  }

  deleteConnection(connection: Connection): void {
    this.#setConnections(this.#connections.filter((other) => other !== connection));
  }

  /**
   * The connection that has had this slug longest, enabled or not; two have it only while one hands it to the other. Where
   * none has it, the oldest that had it and is in its grace period.
   */
  withSlug(slug: string, now: Date): Connection | undefined {
    let first: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.summary?.slug === slug && (!first || connection.slugSince < first.slugSince)) first = connection;
    }
    return first ?? this.#connections.find((connection) => connection.hadSlug(slug, now));
  }

  /** The connections that read a directory, oldest first. */
  connectionsTo(directory: Directory): readonly Connection[] {
    return this.#readers.get(directory.number) ?? noConnections;
  }

  /** The directories that any connection reads of which this is true. */
  directoriesOver(test: (connection: Connection) => boolean): Directory[] {
    return [...this.#readers.values()].flatMap((readers) => readers.find(test)?.directory ?? []);
  }

  /** The teams on call that have this handle, in no particular order. */
  teamsWith(handle: string): readonly Team[] {
    return this.#names.present.within(this.#readers, handle);
  }

  /** The teams on call that had this handle and are in their grace period, in no particular order. */
  teamsFormerlyWith(handle: string, now: Date): readonly Team[] {
    return this.#names.former.within(this.#readers, handle).filter((team) => isInGrace(team, handle, now));
  }

  /** The nearest handles found for unknown names; empty once what they were found among has changed. */
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
