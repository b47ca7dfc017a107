import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The logs of a stack's services from the moment at which this was made. */
export class ServiceLogs {
  readonly #folder: string;
  readonly #from = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const file of this.#files()) this.#from.set(file, statSync(join(folder, file)).size);
  }

  /** Everything logged since, by all that run in the stack. */
  text(): string {
    return this.#files()
      .map((file) =>
        readFileSync(join(this.#folder, file))
          .subarray(this.#from.get(file) ?? 0)
          .toString(),
      )
      .join('\n');
  }

  /** Lines that say that a human must act: a healthy run has none. */
  errors(): string[] {
    return this.#linesLike(/"level":"(error|fatal)"/);
  }

  /** Lines of the broker's authorizer: who was denied what. */
  denials(): string[] {
    return this.#linesLike(/ is Denied operation /);
  }

  #linesLike(sought: RegExp): string[] {
    return this.text()
      .split('\n')
      .filter((line) => sought.test(line));
  }

  #files(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).filter((file) => file.endsWith('.log')) : [];
  }
}
