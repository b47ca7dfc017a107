import { Connection } from './connection.ts';
import type { ConnectionFact, HandleFact, SourceOrgFact } from './facts.ts';
import { nearestTo } from './nearest.ts';
import { Org } from './org.ts';
import type {
  Conflict,
  ConnectionSummary,
  KnownTeam,
  Nearest,
  OverConnection,
  Resolution,
  SearchHit,
  Sizes,
} from './resolution.ts';
import { plainName, resolve, teamOver } from './resolve.ts';
import { conflicts, search } from './search.ts';
import type { Team } from './team.ts';

/**
 * Which teams each source org can page: an in-memory index of connections, handles and source orgs' settings.
 *
 * Facts may come in any order between topics: handles before their connection stay hidden until it comes. Within a topic
 * the last fact of a key stands; of connections and settings an older version is ignored (handles carry none, and their
 * times come from the clocks of several processes, so there the order of the topic counts). Every question names a source
 * org and is answered from that org's own connections. No I/O, no clock.
 */
export class HandleRegistry {
  readonly #orgs = new Map<string, Org>();
  readonly #connections = new Map<string, Connection>();

  /** Null deletes the connection and hides its handles; a deleted id does not come back with a version seen before. */
  applyConnection(connectionId: string, fact: ConnectionFact | null): void {
    const known = this.#connections.get(connectionId);
    if (fact ? known && !known.isNews(fact) : !known) return;
    const connection = known ?? this.#connection(connectionId);
    connection.org?.deleteConnection(connection);
    if (!fact) {
      connection.delete();
      return;
    }
    const org = this.#org(fact.sourceOrg);
    connection.apply(fact, org);
    org.addConnection(connection);
  }

  /** `key` is `<connection id>/<team id>`, which the fact agrees with; null removes the team. */
  applyHandle(key: string, fact: HandleFact | null): void {
    const slash = key.indexOf('/');
    if (slash < 0) throw new RangeError('a handle key is <connection id>/<team id>');
    const [connectionId, teamId] = [key.slice(0, slash), key.slice(slash + 1)];
    const before = this.#connections.get(connectionId)?.teams.get(teamId);
    if (before) this.#deleteTeam(before);
    if (fact) this.#addTeam(this.#connection(connectionId), this.#org(fact.sourceOrg), fact);
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrgFact | null): void {
    if (settings) this.#org(sourceOrg).applySettings(settings);
    else this.#orgs.get(sourceOrg)?.applySettings(null);
  }

  /** What the text after `@oncall-` means to an org; see `resolve.ts` for the order. */
  resolve(sourceOrg: string, mention: string, now: Date): Resolution {
    const org = this.#orgs.get(sourceOrg);
    return org ? resolve(org, mention, now) : { kind: 'unknown', name: plainName(mention) };
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

  nearest(sourceOrg: string, name: string): Nearest | undefined {
    const org = this.#orgs.get(sourceOrg);
    return org && nearestTo(org, plainName(name));
  }

  search(sourceOrg: string, query: string, limit: number, now: Date): SearchHit[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? search(org, query, limit, now) : [];
  }

  conflicts(sourceOrg: string, now: Date): Conflict[] {
    const org = this.#orgs.get(sourceOrg);
    return org ? conflicts(org, now) : [];
  }

  /** Enabled or not, oldest first. */
  connectionsOf(sourceOrg: string): ConnectionSummary[] {
    return (this.#orgs.get(sourceOrg)?.connections ?? []).flatMap(({ summary }) => summary ?? []);
  }

  /** The teams of a connection by team id, whether the connection is known or not. It shows later changes. */
  teamsOf(connectionId: string): ReadonlyMap<string, KnownTeam> {
    return this.#connections.get(connectionId)?.teams ?? noTeams;
  }

  /** The id of every connection that has teams, whether the connection is known or not. */
  connectionsWithTeams(): string[] {
    return [...this.#connections.values()].flatMap(({ id, teams }) => (teams.size > 0 ? [id] : []));
  }

  get sizes(): Sizes {
    const sizes = { sourceOrgs: 0, connections: 0, handles: 0, formerHandles: 0 };
    for (const { connections, formerHandles } of this.#orgs.values()) {
      if (connections.length > 0) sizes.sourceOrgs += 1;
      sizes.connections += connections.length;
      sizes.formerHandles += formerHandles;
    }
    for (const { teams } of this.#connections.values()) sizes.handles += teams.size;
    return sizes;
  }

  #addTeam(connection: Connection, org: Org, fact: HandleFact): void {
    const { teamId, teamHandle, teamName, formerHandles: former, changedAt, firstSeenAt = changedAt } = fact;
    const formerHandles = former.length > 0 ? former : neverRenamed;
    const firstSeen = Date.parse(firstSeenAt);
    const team: Team = { teamId, connection, org, teamHandle, teamName, formerHandles, firstSeen };
    connection.teams.set(teamId, team);
    org.addTeam(team);
  }

  #deleteTeam(team: Team): void {
    team.connection.teams.delete(team.teamId);
    team.org.deleteTeam(team);
  }

  #org(id: string): Org {
    const known = this.#orgs.get(id) ?? new Org(id);
    this.#orgs.set(id, known);
    return known;
  }

  #connection(id: string): Connection {
    const known = this.#connections.get(id) ?? new Connection(id);
    this.#connections.set(id, known);
    return known;
  }
}

// Nearly every team: one list for all of them.
const neverRenamed: Team['formerHandles'] = Object.freeze([]);
const noTeams: ReadonlyMap<string, KnownTeam> = new Map();
