import type { Directory } from './directory.ts';
import { byFirstSeen, type Team } from './team.ts';

/**
 * Teams by a name, over all directories.
 *
 * Nearly every name is that of one team, which then stands in the map itself. What several teams are called leads to a map
 * of their directories, since a name such as `core-infra` may be in hundreds of which an org reads one. Of those that a
 * directory calls the same, the first hundred answer for all: a destination may call thousands so, and each alert would look at each.
 */
export class TeamsByName {
  readonly #byName = new Map<string, Team | Map<number, Team | Team[]>>();
  #size = 0;

  /** How many names of teams there are, each as often as teams have it. */
  get size(): number {
    return this.#size;
  }

  add(name: string, team: Team): void {
    this.#size += 1;
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, team);
    else if (known instanceof Map) known.set(team.directory.number, joined(known.get(team.directory.number), team));
    else {
      const several = new Map<number, Team | Team[]>([[known.directory.number, known]]);
      this.#byName.set(name, several.set(team.directory.number, joined(several.get(team.directory.number), team)));
    }
  }

  /** The team has this name. */
  delete(name: string, team: Team): void {
    this.#size -= 1;
    const known = this.#byName.get(name);
    if (known instanceof Map) {
      const rest = listOf(known.get(team.directory.number)).filter((other) => other !== team);
      if (rest.length > 0) known.set(team.directory.number, rest);
      else known.delete(team.directory.number);
      if (known.size > 0) return;
    }
    this.#byName.delete(name);
  }

  /** Those of one directory, in no particular order. */
  in(directory: Directory, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known instanceof Map) return firstOf(known.get(directory.number));
    return known?.directory === directory ? [known] : none;
  }

  /** Those of several directories. It takes as long as the smaller number: of these, or of those that know the name. */
  within(directories: ReadonlyMap<number, unknown>, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known === undefined) return none;
    if (!(known instanceof Map)) return directories.has(known.directory.number) ? [known] : none;
    // Most orgs read few directories, and each is one look-up.
    if (directories.size > known.size)
      return [...known].flatMap(([number, teams]) => (directories.has(number) ? firstOf(teams) : []));
    const found: Team[] = [];
    for (const number of directories.keys()) {
      const teams = known.get(number);
      if (Array.isArray(teams)) found.push(...firstOf(teams));
      else if (teams) found.push(teams);
    }
    return found;
  }
}

const listOf = (teams: Team | Team[] | undefined): readonly Team[] => {
  if (teams === undefined) return none;
  return Array.isArray(teams) ? teams : [teams];
};

const mostInDirectory = 100;

const firstOf = (teams: Team | Team[] | undefined): readonly Team[] => {
  const all = listOf(teams);
  return all.length > mostInDirectory ? all.slice(0, mostInDirectory) : all;
};

/** In the order in which they were first seen. */
function joined(teams: Team | Team[] | undefined, team: Team): Team | Team[] {
  if (teams === undefined) return team;
  const all = listOf(teams);
  return all.toSpliced(all.findLastIndex((other) => byFirstSeen(other, team) < 0) + 1, 0, team);
}

const none: readonly Team[] = Object.freeze([]);

/** The names that teams have, and those that they gave up and that are in their grace period or were. */
export interface Names {
  readonly present: TeamsByName;
  readonly former: TeamsByName;
}
