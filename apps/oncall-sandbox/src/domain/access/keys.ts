export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly createdAt: Date;
}

/** `scopes` null is unscoped: everything the owner's roles allow. */
export interface ApplicationKey extends ApiKey {
  readonly ownerId: string;
  readonly scopes: readonly string[] | null;
  /** What the key is good for in a demonstration. */
  readonly about: string;
}

export const last4 = ({ key }: ApiKey): string => key.slice(-4);

/** The valid keys of one kind; a revoked key is gone at once. */
export class Keys<Key extends ApiKey> {
  readonly #byKey = new Map<string, Key>();

  add(key: Key): Key {
    this.#byKey.set(key.key, key);
    return key;
  }

  withValue(value: string | undefined): Key | undefined {
    return value === undefined ? undefined : this.#byKey.get(value);
  }

  /** By id or by name. */
  find(idOrName: string): Key | undefined {
    return this.all().find(({ id, name }) => id === idOrName || name === idOrName);
  }

  revoke(key: Key): void {
    this.#byKey.delete(key.key);
  }

  all(): Key[] {
    return [...this.#byKey.values()];
  }
}
