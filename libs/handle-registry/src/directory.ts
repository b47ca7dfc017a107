import type { Connection } from './connection.ts';
import type { DirectoryFact, HandleFact } from './facts.ts';
import { backwards, SortedNames } from './sorted-names.ts';
import { formerNamesOf, isInGrace, type Team } from './team.ts';
import type { Names } from './teams-by-name.ts';

/** The teams that one service account of a destination sees, shared by all connections that read them. */
export class Directory {
  readonly id: string;
  /** A unique number, used as a map key so that lookups need not access the directory. */
  readonly number: number;
  /** By team id, on call or not. */
  readonly teams = new Map<string, Team>();
  /** The connections of all orgs, enabled or not, in no particular order. */
  readonly connections = new Set<Connection>();
  readonly #names: Names;
  #status: DirectoryFact | undefined;
  #refused = nobody;
  #revision = 0;
  #handles: SortedNames | undefined;
  #handlesBackwards: SortedNames | undefined;
  /** The handles of several teams, and how many of these `teamsWith` returns. */
  readonly #shared = new Map<string, number>();

  constructor(id: string, number: number, names: Names) {
    this.id = id;
    this.number = number;
    this.#names = names;
  }

  /** Increases with each change of the handles, and of the connections that may read them. */
  get revision(): number {
    return this.#revision;
  }

  get isEmpty(): boolean {
    return this.teams.size === 0 && this.connections.size === 0 && this.#status === undefined;
  }

  get status(): DirectoryFact | undefined {
    return this.#status;
  }

  applyStatus(fact: DirectoryFact | null): void {
    this.#status = fact ?? undefined;
    this.#refused = fact?.refused.length ? new Set(fact.refused) : nobody;
    this.#revision += 1;
  }

  /** Returns whether the destination accepts the credential of this connection, as far as is known. */
  accepts({ id }: Connection): boolean {
    return !this.#refused.has(id);
  }

  setTeam({ teamId, teamHandle, teamName, onCall, formerHandles: former, firstSeenAt }: HandleFact): void {
    this.deleteTeam(teamId);
    const formerHandles = former.length > 0 ? former : neverRenamed;
    const firstSeen = Date.parse(firstSeenAt);
    const team: Team = { teamId, directory: this, teamHandle, teamName, onCall, formerHandles, firstSeen };
    this.teams.set(teamId, team);
    if (!onCall) return;
    this.#names.present.add(teamHandle, team);
    for (const name of formerNamesOf(team)) this.#names.former.add(name, team);
    this.#changed(teamHandle);
  }

  deleteTeam(teamId: string): void {
    const team = this.teams.get(teamId);
    if (!team) return;
    this.teams.delete(teamId);
    if (!team.onCall) return;
    this.#names.present.delete(team.teamHandle, team);
    for (const name of formerNamesOf(team)) this.#names.former.delete(name, team);
    this.#changed(team.teamHandle);
  }

  /** Returns the teams on call that have this handle, in no particular order. */
  teamsWith(handle: string): readonly Team[] {
    return this.#names.present.in(this, handle);
  }

  /** Returns how many teams `teamsWith` returns for all handles that begin with `begin` and contain `part`. */
  count(part: string, begin = ''): number {
    let teams = this.handles.count(part, begin);
    for (const [handle, sharing] of this.#shared) {
      if (handle.startsWith(begin) && handle.includes(part)) teams += sharing - 1;
    }
    return teams;
  }

  /** Returns the teams on call that had this handle and are in its grace period, in no particular order. */
  teamsFormerlyWith(handle: string, now: Date): readonly Team[] {
    return this.#names.former.in(this, handle).filter((team) => isInGrace(team, handle, now));
  }

  /** The sorted handles; created on first use and kept up to date. */
  get handles(): SortedNames {
    this.#handles ??= new SortedNames(this.#handlesNow(), (handle) => this.#has(handle));
    return this.#handles;
  }

  /** The sorted reversed handles, so that handles with the same ending are adjacent; created on first use. */
  get handlesBackwards(): SortedNames {
    this.#handlesBackwards ??= new SortedNames(this.#handlesNow().map(backwards), (name) => this.#has(backwards(name)));
    return this.#handlesBackwards;
  }

  #handlesNow(): string[] {
    return Array.from(this.teams.values()).flatMap(({ onCall, teamHandle }) => (onCall ? [teamHandle] : []));
  }

  #has(handle: string): boolean {
    return this.teamsWith(handle).length > 0;
  }

  #changed(handle: string): void {
    this.#revision += 1;
    const { length } = this.teamsWith(handle);
    if (length > 1) this.#shared.set(handle, length);
    else this.#shared.delete(handle);
    this.#handles?.note(handle);
    this.#handlesBackwards?.note(backwards(handle));
  }
}

const nobody: ReadonlySet<string> = new Set();
// Shared by nearly all teams, because few were renamed.
const neverRenamed: Team['formerHandles'] = Object.freeze([]);
