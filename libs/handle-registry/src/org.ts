import type { Connection } from './connection.ts';
import type { SourceOrgFact } from './facts.ts';
import type { Nearest } from './resolution.ts';
import { SortedNames } from './sorted-names.ts';
import type { Team } from './team.ts';

// Most orgs declare none of their own.
const noHandles: ReadonlySet<string> = new Set();

/** A source org: the teams whose records name it, its connections and its settings. */
export class Org {
  readonly id: string;
  /** Nearly every handle is that of one team, which then stands in the map itself. */
  readonly #byHandle = new Map<string, Team | Team[]>();
  #localHandles = noHandles;
  #fallbackHandle: string | undefined;
  #settingsVersion = -1;
  readonly #byFormerHandle = new Map<string, Set<Team>>();
  #connections: readonly Connection[] = [];
  #handles: SortedNames | undefined;
  #handlesBackwards: SortedNames | undefined;
  /** The nearest handles found for unknown names, until what they were found among changes. */
  readonly nearest = new Map<string, Nearest | undefined>();

  constructor(id: string) {
    this.id = id;
  }

  /** Enabled or not, oldest first. */
  get connections(): readonly Connection[] {
    return this.#connections;
  }

  get fallbackHandle(): string | undefined {
    return this.#fallbackHandle;
  }

  isLocal(name: string): boolean {
    return this.#localHandles.has(name);
  }

  /** An older version changes nothing. Deletion forgets the version, since an org may come back. */
  applySettings(fact: SourceOrgFact | null): void {
    if (fact && fact.version < this.#settingsVersion) return;
    this.#settingsVersion = fact?.version ?? -1;
    this.#localHandles = fact?.localHandles.length ? new Set(fact.localHandles) : noHandles;
    this.#fallbackHandle = fact?.fallbackHandle;
  }

  addConnection(connection: Connection): void {
    this.#connections = [...this.#connections, connection].sort((a, b) => a.compareAge(b));
    this.nearest.clear();
  }

  deleteConnection(connection: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    this.nearest.clear();
  }

  /** The connection that has had this slug longest, enabled or not; two have it only while one hands it to the other. */
  withSlug(slug: string): Connection | undefined {
    let first: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.summary?.slug === slug && (!first || connection.slugSince < first.slugSince)) first = connection;
    }
    return first;
  }

  addTeam(team: Team): void {
    const { teamHandle, formerHandles } = team;
    const others = this.#byHandle.get(teamHandle);
    if (others === undefined) this.#byHandle.set(teamHandle, team);
    else if (Array.isArray(others)) others.push(team);
    else this.#byHandle.set(teamHandle, [others, team]);
    for (const former of formerHandles) {
      const teams = this.#byFormerHandle.get(former.teamHandle) ?? new Set();
      this.#byFormerHandle.set(former.teamHandle, teams.add(team));
    }
    this.#changed(teamHandle);
  }

  deleteTeam(team: Team): void {
    const { teamHandle, formerHandles } = team;
    const known = this.#byHandle.get(teamHandle);
    if (Array.isArray(known) && known.length > 1) known.splice(known.indexOf(team), 1);
    else this.#byHandle.delete(teamHandle);
    for (const former of formerHandles) {
      const teams = this.#byFormerHandle.get(former.teamHandle);
      teams?.delete(team);
      if (teams?.size === 0) this.#byFormerHandle.delete(former.teamHandle);
    }
    this.#changed(teamHandle);
  }

  /** The teams that have this handle, in no particular order. */
  teamsWith(handle: string): readonly Team[] {
    const known = this.#byHandle.get(handle);
    if (known === undefined) return [];
    return Array.isArray(known) ? known : [known];
  }

  /** The team that has this handle, found without a list; undefined where none or several have it. */
  onlyTeamWith(handle: string): Team | undefined {
    const known = this.#byHandle.get(handle);
    return Array.isArray(known) ? undefined : known;
  }

  /** The teams that had this handle and are in their grace period, in no particular order. */
  teamsFormerlyWith(handle: string, now: Date): readonly Team[] {
    const isValid = ({ formerHandles }: Team) =>
      formerHandles.some((former) => former.teamHandle === handle && now.getTime() < Date.parse(former.validUntil));
    return [...(this.#byFormerHandle.get(handle) ?? [])].filter(isValid);
  }

  /** How many former handles there are. */
  get formerHandles(): number {
    let count = 0;
    for (const teams of this.#byFormerHandle.values()) count += teams.size;
    return count;
  }

  /** The handles in order. Made for the first question, and then kept. */
  get handles(): SortedNames {
    this.#handles ??= new SortedNames(this.#byHandle.keys(), (handle) => this.#byHandle.has(handle));
    return this.#handles;
  }

  /** Each handle read from its end, in order: what shares an ending stands together. Made for the first question, and then kept. */
  get handlesBackwards(): SortedNames {
    this.#handlesBackwards ??= new SortedNames(Array.from(this.#byHandle.keys(), backwards), (name) =>
      this.#byHandle.has(backwards(name)),
    );
    return this.#handlesBackwards;
  }

  #changed(handle: string): void {
    this.nearest.clear();
    this.#handles?.note(handle);
    this.#handlesBackwards?.note(backwards(handle));
  }
}

/** A handle is ASCII. */
export const backwards = (handle: string): string => Buffer.from(handle, 'latin1').reverse().toString('latin1');
