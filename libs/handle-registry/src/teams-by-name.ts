import type { Directory } from './directory.ts';
import { byFirstSeen, type Team } from './team.ts';

/**
 * An index of teams by name over all directories.
 *
 * Nearly every name belongs to one team, which is then stored in the map itself. A name of several teams leads to a map
 * by directory, since a name such as `core-infra` may be in hundreds of directories, of which an org reads one. Only
 * the first hundred teams of a directory with the same name are returned: a destination may give a name to thousands,
 * and each alert would read all of them.
 */
export class TeamsByName {
  readonly #byName = new Map<string, Team | Map<number, Team | Team[]>>();
  #size = 0;

  /** The number of pairs of name and team. */
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

  /** Removes a team that has this name. */
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

  /** Returns the teams of one directory, in no particular order. */
  in(directory: Directory, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known instanceof Map) return firstOf(known.get(directory.number));
    return known?.directory === directory ? [known] : none;
  }

  /** Returns the teams of several directories, in a time that depends on the smaller of both numbers of directories. */
  within(directories: ReadonlyMap<number, unknown>, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known === undefined) return none;
    if (!(known instanceof Map)) return directories.has(known.directory.number) ? [known] : none;
    // Most orgs read few directories, and each costs one lookup.
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

const maxInDirectory = 100;

const firstOf = (teams: Team | Team[] | undefined): readonly Team[] => {
  const all = listOf(teams);
  return all.length > maxInDirectory ? all.slice(0, maxInDirectory) : all;
};

/** Inserts the team in the order of first sight. */
function joined(teams: Team | Team[] | undefined, team: Team): Team | Team[] {
  if (teams === undefined) return team;
  const all = listOf(teams);
  return all.toSpliced(all.findLastIndex((other) => byFirstSeen(other, team) < 0) + 1, 0, team);
}

const none: readonly Team[] = Object.freeze([]);

/** The present names of teams, and the former names in their records, expired or not. */
export interface Names {
  readonly present: TeamsByName;
  readonly former: TeamsByName;
}
