import { Connection } from './connection.ts';
import { Directory } from './directory.ts';
import type { ConnectionFact, DirectoryFact, HandleFact, SourceOrgFact } from './facts.ts';
import { Org } from './org.ts';
import { nearestTo } from './questions/nearest.ts';
import { meaningOf, plainName, resolve, teamOver } from './questions/resolve.ts';
import { conflicts, list, search } from './questions/search.ts';
import type {
  Conflict,
  ConnectionSummary,
  KnownTeam,
  ListPlace,
  Nearest,
  OverConnection,
  Resolution,
  SearchHit,
} from './resolution.ts';
import { type Names, TeamsByName } from './teams-by-name.ts';

/**
 * Which teams each source org can page: an in-memory index of connections, directories of teams and source orgs' settings.
 *
 * Facts may come in any order between topics: the handles of a directory stay hidden until a connection reads it. Within a
 * topic the last fact of a key stands; of connections and settings an older version is ignored (handles carry none: there
 * the order of the topic counts). Every question names a source org and is answered from what that org's own connections
 * read. No I/O, no clock.
 */
export class HandleRegistry {
  readonly #names: Names = { present: new TeamsByName(), former: new TeamsByName() };
  readonly #orgs = new Map<string, Org>();
  readonly #connections = new Map<string, Connection>();
  readonly #directories = new Map<string, Directory>();

  /**
   * Null deletes the connection; a deleted id does not come back with a version seen before. Answers whether the fact counts:
   * one that is older than what is known does not.
   */
  applyConnection(connectionId: string, fact: ConnectionFact | null): boolean {
    const known = this.#connections.get(connectionId);
    if (fact) {
      if (known && !known.isNews(fact)) return false;
      const connection = known ?? new Connection(connectionId);
      this.#connections.set(connectionId, connection);
      connection.apply(fact, this.#org(fact.sourceOrg), this.#directory(fact.directory));
    } else known?.delete();
    return true;
  }

  /** Null removes the team. */
  applyHandle(directory: string, teamId: string, fact: HandleFact | null): void {
    if (fact) this.#directory(directory).setTeam(fact);
    else this.#directories.get(directory)?.deleteTeam(teamId);
  }

  /** How well a directory is known; null forgets that, and no more. */
  applyDirectory(directory: string, fact: DirectoryFact | null): void {
    if (fact) this.#directory(directory).applyStatus(fact);
    else this.#directories.get(directory)?.applyStatus(null);
  }

  /** Answers whether they count: settings older than those that are known do not. */
  applySourceOrg(sourceOrg: string, settings: SourceOrgFact | null): boolean {
    if (settings) return this.#org(sourceOrg).applySettings(settings);
    return this.#orgs.get(sourceOrg)?.applySettings(null) ?? true;
  }

  /** What the text after `@oncall-` means to an org; see `resolve.ts` for the order. */
  resolve(sourceOrg: string, mention: string, now: Date): Resolution {
    const org = this.#orgs.get(sourceOrg);
    return org ? resolve(org, mention, now) : { kind: 'unknown', name: plainName(mention) };
  }

  /** Does it lead to a team that can be paged? Where it does not, this costs far less than `resolve`. */
  isRouted(sourceOrg: string, mention: string, now: Date): boolean {
    const org = this.#orgs.get(sourceOrg);
    return org !== undefined && meaningOf(org, mention, now)?.kind === 'routed';
  }

  /** What a team handle, neither qualified nor with punctuation, means over one connection of an org. */
  teamOver(sourceOrg: string, connectionId: string, teamHandle: string, now: Date): OverConnection {
    const org = this.#orgs.get(sourceOrg);
    return org ? teamOver(org, connectionId, teamHandle, now) : { kind: 'connection-unknown' };
  }

  /** The handle that the org settled for mentions that nothing matches; it may itself lead nowhere. */
  fallbackHandleOf(sourceOrg: string): string | undefined {
    return this.#orgs.get(sourceOrg)?.fallbackHandle;
  }

  nearest(sourceOrg: string, name: string, now: Date): Nearest | undefined {
    const org = this.#orgs.get(sourceOrg);
    return org && nearestTo(org, plainName(name), now);
  }

  search(sourceOrg: string, query: string, limit: number, now: Date): SearchHit[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? search(org, query, limit, now) : [];
  }

  /** All handles that search offers, page by page. */
  list(sourceOrg: string, limit: number, now: Date, after?: ListPlace): SearchHit[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? list(org, limit, now, after) : [];
  }

  conflicts(sourceOrg: string, now: Date): Conflict[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? conflicts(org, now) : [];
  }

  /** Enabled or not, oldest first. */
  connectionsOf(sourceOrg: string): ConnectionSummary[] {
    return (this.#orgs.get(sourceOrg)?.connections ?? []).flatMap(({ summary }) => summary ?? []);
  }

  /** What the enabled connections of an org read, each directory once. */
  directoriesOf(sourceOrg: string): string[] {
    const directories = this.#orgs.get(sourceOrg)?.directoriesOver(({ enabled }) => enabled) ?? [];
    return directories.map(({ id }) => id);
  }

  /** Of all orgs, enabled or not, oldest first. */
  connectionsIn(directory: string): ConnectionSummary[] {
    const connections = [...(this.#directories.get(directory)?.connections ?? [])];
    return connections.sort((a, b) => a.compareAge(b)).flatMap(({ summary }) => summary ?? []);
  }

  /** The teams of a directory by team id, on call or not. It shows later changes. */
  teamsOf(directory: string): ReadonlyMap<string, KnownTeam> {
    return this.#directories.get(directory)?.teams ?? noTeams;
  }

  directoryStatus(directory: string): DirectoryFact | undefined {
    return this.#directories.get(directory)?.status;
  }

  /** The id of every directory that has teams, connections or a status. */
  directories(): string[] {
    const used = [...this.#directories.values()].filter(({ isEmpty }) => !isEmpty);
    return used.map(({ id }) => id);
  }

  /** How much there is; handles are those of teams on call, once for each directory. */
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
