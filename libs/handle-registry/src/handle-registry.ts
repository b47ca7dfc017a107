import { Connection } from './connection.ts';
import { Directory } from './directory.ts';
import type { ConnectionFact, DirectoryFact, HandleFact, SourceOrgFact } from './facts.ts';
import { Org } from './org.ts';
import { conflicts } from './questions/conflicts.ts';
import { nearestTo } from './questions/nearest.ts';
import { meaningOf, resolve, teamOver, unknownName } from './questions/resolve.ts';
import { count, isOffered, search } from './questions/search.ts';
import type {
  ConflictPage,
  ConnectionSummary,
  KnownTeam,
  Nearest,
  OverConnection,
  Resolution,
  SearchHit,
  Within,
} from './resolution.ts';
import { type Names, TeamsByName } from './teams-by-name.ts';

/**
 * An in-memory index of connections, directories of teams and settings of source orgs: the teams that each source org can page.
 *
 * Facts of different topics may arrive in any order: the handles of a directory stay hidden until a connection reads it. Within
 * a topic the last fact of a key counts. An older version of a connection or of settings is ignored; handles have no version,
 * so the order of the topic counts. Every query names a source org and is answered from the directories of its own connections.
 * The registry has no I/O and no clock.
 */
export class HandleRegistry {
  readonly #names: Names = { present: new TeamsByName(), former: new TeamsByName() };
  readonly #orgs = new Map<string, Org>();
  readonly #connections = new Map<string, Connection>();
  readonly #directories = new Map<string, Directory>();

  /**
   * Applies a connection; null deletes it, and a version seen before the deletion does not restore it. Returns false if
   * the fact is older than the known one and was ignored.
   */
  applyConnection(connectionId: string, fact: ConnectionFact | null): boolean {
    const known = this.#connections.get(connectionId);
    if (fact) {
      if (known && !known.isNewer(fact)) return false;
      const connection = known ?? new Connection(connectionId);
      this.#connections.set(connectionId, connection);
      connection.apply(fact, this.#org(fact.sourceOrg), this.#directory(fact.directory));
    } else known?.delete();
    return true;
  }

  /** Applies a team; null removes it. */
  applyHandle(directory: string, teamId: string, fact: HandleFact | null): void {
    if (fact) this.#directory(directory).setTeam(fact);
    else this.#directories.get(directory)?.deleteTeam(teamId);
  }

  /** Applies the status of a directory; null deletes the status only. */
  applyDirectory(directory: string, fact: DirectoryFact | null): void {
    if (fact) this.#directory(directory).applyStatus(fact);
    else this.#directories.get(directory)?.applyStatus(null);
  }

  /** Applies settings; null deletes them. Returns false if they are older than the known ones and were ignored. */
  applySourceOrg(sourceOrg: string, settings: SourceOrgFact | null): boolean {
    if (settings) return this.#org(sourceOrg).applySettings(settings);
    return this.#orgs.get(sourceOrg)?.applySettings(null) ?? true;
  }

  /** Returns what the text after `@oncall-` means to an org; `resolve.ts` has the order. */
  resolve(sourceOrg: string, mention: string, now: Date, withNearest = true): Resolution {
    const org = this.#orgs.get(sourceOrg);
    return org ? resolve(org, mention, now, withNearest) : { kind: 'unknown', name: unknownName(mention) };
  }

  /** Returns whether the mention leads to a team that can be paged. If not, this is much faster than `resolve`. */
  isRouted(sourceOrg: string, mention: string, now: Date): boolean {
    const org = this.#orgs.get(sourceOrg);
    return org !== undefined && meaningOf(org, mention, now)?.kind === 'routed';
  }

  /** Returns what a team handle, unqualified and without punctuation, means over one connection of an org. */
  teamOver(sourceOrg: string, connectionId: string, teamHandle: string, now: Date): OverConnection {
    const org = this.#orgs.get(sourceOrg);
    return org ? teamOver(org, connectionId, teamHandle, now) : { kind: 'connection-unknown' };
  }

  /** Returns the fallback handle of the org, which may itself lead to no team. */
  fallbackHandleOf(sourceOrg: string): string | undefined {
    return this.#orgs.get(sourceOrg)?.fallbackHandle;
  }

  nearest(sourceOrg: string, name: string, now: Date): Nearest | undefined {
    const org = this.#orgs.get(sourceOrg);
    return org && nearestTo(org, unknownName(name), now);
  }

  /** Returns one page of the handles that an org is offered for a query; `search.ts` has the order. */
  search(sourceOrg: string, query: string, limit: number, now: Date, within: Within = {}): SearchHit[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? search(org, query, limit, now, within) : [];
  }

  /** Returns how many handles all pages of `search` have. */
  count(sourceOrg: string, query: string, now: Date, connectionId?: string): number {
    const org = this.#orgs.get(sourceOrg);
    return org ? count(org, query, now, connectionId) : 0;
  }

  /** Returns one page of the handles in conflict, in alphabetical order after a given handle. */
  conflicts(sourceOrg: string, limit: number, now: Date, after?: string): ConflictPage {
    const org = this.#orgs.get(sourceOrg);
    return org ? conflicts(org, limit, now, after) : { conflicts: [] };
  }

  /** Returns the connections of an org, enabled or not, oldest first. */
  connectionsOf(sourceOrg: string): ConnectionSummary[] {
    return (this.#orgs.get(sourceOrg)?.connections ?? []).flatMap(({ summary }) => summary ?? []);
  }

  /** Returns the connections over which `search` offers handles, oldest first. */
  offeredTo(sourceOrg: string): ConnectionSummary[] {
    const connections = this.#orgs.get(sourceOrg)?.connections ?? [];
    return connections.filter(isOffered).flatMap(({ summary }) => summary ?? []);
  }

  /** Returns the directories that the enabled connections of an org read, each once. */
  directoriesOf(sourceOrg: string): string[] {
    const directories = this.#orgs.get(sourceOrg)?.directoriesOver(({ enabled }) => enabled) ?? [];
    return directories.map(({ id }) => id);
  }

  /** Returns the connections of all orgs to a directory, enabled or not, oldest first. */
  connectionsIn(directory: string): ConnectionSummary[] {
    const connections = [...(this.#directories.get(directory)?.connections ?? [])];
    return connections.sort((a, b) => a.compareAge(b)).flatMap(({ summary }) => summary ?? []);
  }

  /** Returns a live view of the teams of a directory by team id, on call or not. */
  teamsOf(directory: string): ReadonlyMap<string, KnownTeam> {
    return this.#directories.get(directory)?.teams ?? noTeams;
  }

  directoryStatus(directory: string): DirectoryFact | undefined {
    return this.#directories.get(directory)?.status;
  }

  /** Returns the id of every directory that has teams, connections or a status. */
  directories(): string[] {
    const used = [...this.#directories.values()].filter(({ isEmpty }) => !isEmpty);
    return used.map(({ id }) => id);
  }

  /** The number of items. `handles` counts the teams on call, once for each directory. */
  get sizes() {
    const sizes = { sourceOrgs: 0, connections: 0 };
    for (const { connections } of this.#orgs.values()) {
      if (connections.length > 0) sizes.sourceOrgs += 1;
      sizes.connections += connections.length;
    }
    return { ...sizes, handles: this.#names.present.size, formerHandles: this.#names.former.size };
  }

  #org(id: string): Org {
    const known = this.#orgs.get(id) ?? new Org(this.#names);
    this.#orgs.set(id, known);
    return known;
  }

  #directory(id: string): Directory {
    const known = this.#directories.get(id) ?? new Directory(id, this.#directories.size, this.#names);
    this.#directories.set(id, known);
    return known;
  }
}

const noTeams: ReadonlyMap<string, KnownTeam> = new Map();
