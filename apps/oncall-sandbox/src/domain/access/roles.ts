/** A named set of permissions. */
export interface Role {
  readonly id: string;
  name: string;
  readonly permissions: Set<string>;
  readonly createdAt: Date;
}

export class Roles {
  readonly #roles = new Map<string, Role>();

  add(id: string, name: string, permissions: Iterable<string>, now: Date): Role {
    const role = { id, name, permissions: new Set(permissions), createdAt: now };
    this.#roles.set(id, role);
    return role;
  }

  /** Finds a role by id or name. */
  find(idOrName: string): Role | undefined {
    return this.#roles.get(idOrName) ?? this.all().find(({ name }) => name === idOrName);
  }

  all(): Role[] {
    return [...this.#roles.values()];
  }
}
