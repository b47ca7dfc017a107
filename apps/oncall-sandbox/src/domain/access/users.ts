/** A person or a service account; disabling it makes its application keys invalid. */
export interface User {
  readonly id: string;
  name: string;
  readonly handle: string;
  readonly email: string;
  readonly serviceAccount: boolean;
  disabled: boolean;
  roleIds: string[];
  /** The ids of teams that the keys of this user cannot see. */
  hiddenTeamIds: ReadonlySet<string>;
  readonly createdAt: Date;
  modifiedAt: Date;
}

export class Users {
  readonly #users = new Map<string, User>();

  add(user: Omit<User, 'disabled' | 'hiddenTeamIds' | 'modifiedAt'>): User {
    const added = { ...user, disabled: false, hiddenTeamIds: new Set<string>(), modifiedAt: user.createdAt };
    this.#users.set(user.id, added);
    return added;
  }

  /** Finds a user by id or name. */
  find(idOrName: string): User | undefined {
    return this.#users.get(idOrName) ?? this.all().find(({ name }) => name === idOrName);
  }

  all(): User[] {
    return [...this.#users.values()];
  }
}
