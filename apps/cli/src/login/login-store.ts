import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { contextsFile } from '../contexts/contexts-file.ts';
import { readJson, warnIfExposed, writePrivately } from '../contexts/private-file.ts';

/** What a login has given. */
export interface Login {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since 1970; absent if not known. */
  readonly expiresAt?: number;
  /** Who has issued it; absent for a token that was given. A token is never used with another issuer. */
  readonly issuer?: string;
  /** Of a token that was given: the addresses of the context then. It is sent to no others. */
  readonly addresses?: string;
}

const lockedForMs = 30_000;
const lookEveryMs = 50;

/** The logins of a person, by context: beside the contexts, readable by their owner alone. */
export class LoginStore {
  private readonly file: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.file = join(dirname(contextsFile(env)), 'logins.json');
  }

  find(name: string): Login | undefined {
    return this.all()[name];
  }

  /** Keeps a login, or forgets it. */
  set = (name: string, login: Login | undefined): Promise<void> => this.alone(async () => this.put(name, login));

  /** The same, within `alone`. */
  put(name: string, login: Login | undefined): void {
    const { [name]: _, ...others } = this.all();
    writePrivately(this.file, `${JSON.stringify(login ? { ...others, [name]: login } : others, null, 2)}\n`);
  }

  /**
   * Runs `work` while no other process does: providers accept a refresh token once, and end the whole login if it comes twice.
   *
   * A lock that is older than half a minute belonged to a process that was killed.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = `${this.file}.lock`;
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    for (let taken = false; !taken; ) {
      const made = statSync(lock, { throwIfNoEntry: false });
      if (made && Date.now() - made.mtimeMs > lockedForMs) rmSync(lock, { recursive: true, force: true });
      // Of several processes, only one makes the folder.
      taken = !made && isMade(lock);
      if (!taken) await pause(lookEveryMs);
    }
    try {
      return await work();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }

  private all(): Readonly<Record<string, Login>> {
    const read = readJson(this.file, 'remove the file and log in again') as Record<string, Login> | undefined;
    if (read) warnIfExposed(this.file);
    return read ?? {};
  }
}

function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
