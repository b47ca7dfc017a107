import type { Directory } from './directory.ts';
import type { Team } from './team.ts';

/**
 * Teams by a name, over all directories.
 *
 * Nearly every name is that of one team, which then stands in the map itself. What several teams are called leads to a map
 * of their directories, since a name such as `core-infra` may be in hundreds of which an org reads one.
 */
export class TeamsByName {
  readonly #byName = new Map<string, Team | Map<Directory, readonly Team[]>>();
  #size = 0;

  /** How many names of teams there are, each as often as teams have it. */
  get size(): number {
    return this.#size;
  }

  add(name: string, team: Team): void {
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, team);
    else {
      const several = known instanceof Map ? known : new Map([[known.directory, [known]]]);
      this.#byName.set(name, several.set(team.directory, [...(several.get(team.directory) ?? []), team]));
    }
    this.#size += 1;
  }

  /** The team has this name. */
  delete(name: string, team: Team): void {
    const known = this.#byName.get(name);
    if (known instanceof Map) {
      const rest = known.get(team.directory)?.filter((other) => other !== team) ?? [];
      if (rest.length > 0) known.set(team.directory, rest);
      else known.delete(team.directory);
    }
    if (!(known instanceof Map) || known.size === 0) this.#byName.delete(name);
    this.#size -= 1;
  }

  /** Those of one directory, in no particular order. */
  in(directory: Directory, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known instanceof Map) return known.get(directory) ?? none;
    return known?.directory === directory ? [known] : none;
  }

  /** Those of several directories. It takes as long as the smaller number: of these, or of those that know the name. */
  within(directories: ReadonlyMap<Directory, unknown>, name: string): readonly Team[] {
    const known = this.#byName.get(name);
    if (known === undefined) return none;
    if (!(known instanceof Map)) return directories.has(known.directory) ? [known] : none;
    const found: Team[] = [];
    const [fewer, others] = known.size < directories.size ? [known, directories] : [directories, known];
    for (const directory of fewer.keys()) if (others.has(directory)) found.push(...(known.get(directory) ?? none));
    return found;
  }
}

const none: readonly Team[] = Object.freeze([]);

/** The names that teams have, and those that they gave up and that are in their grace period or were. */
export interface Names {
  readonly present: TeamsByName;
  readonly former: TeamsByName;
}
