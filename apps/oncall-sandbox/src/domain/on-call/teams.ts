import { shuffled } from './shuffled.ts';

/**
 * A team; only `on-call` ones can be paged.
 *
 * `never`: never onboarded to On-Call; `emptied`: onboarded, but its routing rules are gone.
 */
export interface Team {
  readonly id: string;
  name: string;
  handle: string;
  description: string | null;
  onCall: 'never' | 'on-call' | 'emptied';
  memberIds: string[];
  readonly createdAt: Date;
  modifiedAt: Date;
}

const names = new Intl.Collator('en');

export class Teams {
  readonly #byId = new Map<string, Team>();
  readonly #byHandle = new Map<string, Team>();
  readonly #byName = new Map<string, Team>();
  // Cached between changes, because a client that lists many teams calls once for each page.
  #list: readonly Team[] | undefined;
  #sorted: readonly Team[] | undefined;
  #shuffles = 0;

  add(team: Omit<Team, 'modifiedAt'>): Team {
    const added = { ...team, modifiedAt: team.createdAt };
    this.#byId.set(team.id, added);
    this.#index(added);
    return added;
  }

  rename(team: Team, name: string, handle: string): void {
    this.#byHandle.delete(team.handle);
    this.#byName.delete(team.name);
    team.name = name;
    team.handle = handle;
    this.#index(team);
  }

  remove(team: Team): void {
    this.#byId.delete(team.id);
    this.#byHandle.delete(team.handle);
    this.#byName.delete(team.name);
    this.#forgetLists();
  }

  clear(): void {
    for (const team of this.all()) this.remove(team);
  }

  withId(id: string): Team | undefined {
    return this.#byId.get(id);
  }

  withHandle(handle: string): Team | undefined {
    return this.#byHandle.get(handle);
  }

  /** Handles and names are unique, as in the real org. */
  isTaken(name: string, handle: string, except?: Team): boolean {
    return [this.#byHandle.get(handle), this.#byName.get(name)].some((team) => team && team !== except);
  }

  all(): readonly Team[] {
    this.#list ??= [...this.#byId.values()];
    return this.#list;
  }

  /** Cached as well: a listing by name of thousands of teams must not sort them for each page. */
  byName(): readonly Team[] {
    this.#sorted ??= this.all().toSorted((a, b) => names.compare(a.name, b.name));
    return this.#sorted;
  }

  /** Returns all teams in another order at each call. */
  inAnyOrder(): readonly Team[] {
    this.#shuffles += 1;
    return shuffled(this.all(), this.#shuffles);
  }

  #index(team: Team): void {
    this.#byHandle.set(team.handle, team);
    this.#byName.set(team.name, team);
    this.#forgetLists();
  }

  #forgetLists(): void {
    this.#list = undefined;
    this.#sorted = undefined;
  }
}
