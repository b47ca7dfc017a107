/**
 * A team; only `on-call` ones can be paged.
 *
 * `never` was never onboarded to On-Call; `emptied` was, and lost its routing rules.
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

export interface TeamSearch {
  readonly keyword?: string | undefined;
  /** Ids of users whose e-mail address matches the keyword. */
  readonly matchingUserIds?: ReadonlySet<string>;
  readonly memberId?: string | undefined;
  readonly sort?: string | undefined;
}

export const teamSorts = ['name', '-name', 'user_count', '-user_count'];

export class Teams {
  readonly #byId = new Map<string, Team>();
  readonly #byHandle = new Map<string, Team>();
  readonly #byName = new Map<string, Team>();
  // Kept between changes, since a walk through many teams asks for it page after page.
  #list: readonly Team[] | undefined;

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
    this.#list = undefined;
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

  /** Substring search over name, handle and member e-mail addresses, ignoring case. */
  search(search: TeamSearch): readonly Team[] {
    const keyword = search.keyword?.toLowerCase();
    if (keyword === undefined && search.memberId === undefined && search.sort === undefined) return this.all();
    const found = this.all().filter(
      (team) =>
        (search.memberId === undefined || team.memberIds.includes(search.memberId)) &&
        (keyword === undefined ||
          `${team.name}\n${team.handle}`.toLowerCase().includes(keyword) ||
          team.memberIds.some((id) => search.matchingUserIds?.has(id))),
    );
    return search.sort ? found.sort(order(search.sort)) : found;
  }

  #index(team: Team): void {
    this.#byHandle.set(team.handle, team);
    this.#byName.set(team.name, team);
    this.#list = undefined;
  }
}

function order(sort: string): (a: Team, b: Team) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  return sort.endsWith('user_count')
    ? (a, b) => sign * (a.memberIds.length - b.memberIds.length)
    : (a, b) => sign * a.name.localeCompare(b.name, 'en');
}
