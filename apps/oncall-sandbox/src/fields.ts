/** Invalid input; the message names the field and is sent to the caller. */
export class InvalidInput extends Error {}

export const invalid = (message: string): InvalidInput => new InvalidInput(message);

type Raw = Readonly<Record<string, unknown>>;

/** Reads the fields of a JSON object; rejects an invalid field by name. */
export class Fields {
  readonly #raw: Raw;
  readonly #where: string;

  constructor(value: unknown, known: readonly string[], where = 'body') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalid(`${where} must be a JSON object`);
    const unknown = Object.keys(value).filter((name) => !known.includes(name));
    if (unknown.length > 0) throw invalid(`${where} has no field ${unknown.join(', ')}; there are ${known.join(', ')}`);
    this.#raw = value as Raw;
    this.#where = where;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#refuse(name, 'is required');
  }

  optionalText(name: string): string | undefined {
    const value = this.#raw[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    return this.#refuse(name, 'must be a text that is not empty');
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#raw[name];
    return value === undefined || typeof value === 'boolean' ? value : this.#refuse(name, 'must be true or false');
  }

  optionalNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.#raw[name];
    const isNumber = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    if (value === undefined || isNumber) return value;
    const limits = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    return this.#refuse(name, `must be a whole number ${limits}`);
  }

  number(name: string, least: number, most?: number): number {
    return this.optionalNumber(name, least, most) ?? this.#refuse(name, 'is required');
  }

  optionalTexts(name: string): string[] | undefined {
    const value = this.#raw[name];
    if (value === undefined || (Array.isArray(value) && value.every((item) => typeof item === 'string'))) return value;
    return this.#refuse(name, 'must be a list of texts');
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    const found = allowed.find((one) => one === value);
    return value === undefined || found ? found : this.#refuse(name, `must be one of ${allowed.join(', ')}`);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    return this.optionalOneOf(name, allowed) ?? this.#refuse(name, `must be one of ${allowed.join(', ')}`);
  }

  raw(name: string): unknown {
    return this.#raw[name];
  }

  #refuse(name: string, what: string): never {
    throw invalid(`${this.#where}.${name} ${what}`);
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns the object without undefined fields. */
export const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
