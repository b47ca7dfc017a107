import { inspect } from 'node:util';

const redacted = '[redacted]';

/** A text that must not be printed: every conversion to text returns `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the text. Call this only where the text is used. */
  reveal(): string {
    return this.#value;
  }

  /** The last four characters, by which people recognise a key; empty if the text is too short to show them. */
  get last4(): string {
    return this.#value.length >= 12 ? this.#value.slice(-4) : '';
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
