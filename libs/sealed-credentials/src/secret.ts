import { inspect } from 'node:util';

const redacted = '[redacted]';

/** Holds a text that must not be printed: however it is turned into text it says `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Call it where the text is used, not before. */
  reveal(): string {
    return this.#value;
  }

  /** What may be shown of it, so that people recognise a key; empty when it is too short to show any. */
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
