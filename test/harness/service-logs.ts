import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The log lines of a stack's services since this object was created, or all of them. */
export class ServiceLogs {
  readonly #folder: string;
  readonly #from = new Map<string, number>();

  constructor(folder: string, which: 'new' | 'all' = 'new') {
    this.#folder = folder;
    if (which === 'all') return;
    for (const file of this.#files()) this.#from.set(file, statSync(join(folder, file)).size);
  }

  /** Returns all log lines of all processes of the stack since then. */
  text(): string {
    return this.#files()
      .map((file) =>
        readFileSync(join(this.#folder, file))
          .subarray(this.#from.get(file) ?? 0)
          .toString(),
      )
      .join('\n');
  }

  /** Returns the lines that require a person to act; a healthy run has none. */
  errors(): string[] {
    return this.#linesLike(/"level":"(error|fatal)"/);
  }

  /** Returns the denials in the log of the broker's authorizer. */
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
