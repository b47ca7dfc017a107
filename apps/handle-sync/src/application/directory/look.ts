import { hash } from 'node:crypto';
import type { CurrentUser } from '@pagebridge/destination';
import type { PermissionName } from '@pagebridge/vocabulary';
import type { Opened } from './opened.ts';

/** A connection for which somebody asked for a look, and the HTTP request with which. */
export interface Asker {
  readonly connectionId: string;
  readonly requestId?: string | undefined;
}

/** Why the teams are listed. */
export interface ListCause {
  /** Who waits for it; undefined where nobody does. */
  readonly waiting: ReadonlySet<Asker> | undefined;
  /** Somebody asked for this list, and does not wait for one before it alone. */
  readonly isAskedFor: boolean;
  /** It was its time, whether somebody asks as well or not. */
  readonly isDueByItself: boolean;
}

const mostSilences = 5;

/** One look at a directory: a list of its teams, and the rules that are read until the next list. */
export class Look {
  /** Who waited for it has been told. */
  isAnswered = false;
  private reads = 0;
  /** So many times in a row none of those that were tried could be read. */
  private silences = 0;
  private asWhom: Promise<CurrentUser | undefined> | undefined;

  constructor(
    readonly opened: Opened,
    readonly startedAt: number,
    private readonly cause: ListCause,
  ) {}

  /** Some rules could be read. */
  get hasRead(): boolean {
    return this.reads > 0;
  }

  read(): void {
    this.reads += 1;
    this.silences = 0;
  }

  /** None of those that were tried last could be read. True where the rest shall wait for the next round. */
  silent(): boolean {
    this.silences += 1;
    return this.silences >= mostSilences;
  }

  /** Those who still wait for it, or for one before it that had no end; undefined where nobody does. */
  get waiting(): ReadonlySet<Asker> | undefined {
    return this.isAnswered ? undefined : this.cause.waiting;
  }

  /**
   * Who looks, and what that credential is allowed, since another account or other rights may show other teams; undefined
   * where this look proves nothing: one that is made only since somebody asked, as people ask while things change. The
   * destination is asked once, and only where something seems to be gone.
   */
  async witness(): Promise<string | undefined> {
    if (!this.cause.isDueByItself) return undefined;
    const user = await this.user();
    const { connectionId, credential } = this.opened.connection;
    // Hashed: what is suspected is kept with its witness, and a destination may name very many permissions.
    return user && `${connectionId} ${credential.revision} ${hash('sha256', user.permissions.toSorted().join(' '))}`;
  }

  /** Do the roles of who looks say that it may? Undefined where that is not known. */
  async holds(permission: PermissionName): Promise<boolean | undefined> {
    return (await this.user())?.permissions.includes(permission);
  }

  private user(): Promise<CurrentUser | undefined> {
    this.asWhom ??= this.ask();
    return this.asWhom;
  }

  private async ask(): Promise<CurrentUser | undefined> {
    const user = await this.opened.currentUser();
    return user.ok ? user.value : undefined;
  }
}
