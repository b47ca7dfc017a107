export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly createdAt: Date;
}

/** `scopes` null: unscoped, so that the key has every permission of its owner's roles. */
export interface ApplicationKey extends ApiKey {
  readonly ownerId: string;
  readonly scopes: readonly string[] | null;
  /** The purpose of the key in a demonstration. */
  readonly about: string;
}

export const last4 = ({ key }: ApiKey): string => key.slice(-4);

/** The keys of one kind. A revoked key is no longer listed, but may still work for a while. */
export class Keys<Key extends ApiKey> {
  readonly #byKey = new Map<string, Key>();
  readonly #leaving = new Map<string, { readonly key: Key; readonly worksUntil: Date }>();

  add(key: Key): Key {
    this.#byKey.set(key.key, key);
    return key;
  }

  /** Returns the key with this value if it works now. */
  withValue(value: string | undefined, now: Date): Key | undefined {
    if (value === undefined) return undefined;
    const leaving = this.#leaving.get(value);
    return this.#byKey.get(value) ?? (leaving && now < leaving.worksUntil ? leaving.key : undefined);
  }

  /** Finds a key by id or name. */
  find(idOrName: string): Key | undefined {
    return this.all().find(({ id, name }) => id === idOrName || name === idOrName);
  }

  revoke(key: Key, worksUntil: Date): void {
    this.#byKey.delete(key.key);
    this.#leaving.set(key.key, { key, worksUntil });
  }

  all(): Key[] {
    return [...this.#byKey.values()];
  }
}
