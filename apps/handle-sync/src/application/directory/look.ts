import type { Opened } from './credentials.ts';

/** One look at a directory: a list of its teams, and the rules that are read until the next list. */
export class Look {
  private asWhom: Promise<string | undefined> | undefined;

  constructor(
    readonly opened: Opened,
    readonly startedAt: number,
    /** The connections for which it was asked for; undefined where nobody asked. */
    readonly askers: ReadonlySet<string> | undefined,
  ) {}

  /** What it does not see proves nothing, since people ask while things change. */
  get isPrompted(): boolean {
    return this.askers !== undefined;
  }

  /**
   * Who looks, and what that credential is allowed, since another account or other rights may show other teams; undefined
   * where this look proves nothing. The destination is asked once, and only where something seems to be gone.
   */
  witness(): Promise<string | undefined> {
    if (this.isPrompted) return Promise.resolve(undefined);
    this.asWhom ??= this.ask();
    return this.asWhom;
  }

  private async ask(): Promise<string | undefined> {
    const { connection, call } = this.opened;
    const user = await call('keys', 'idle', (destination) => destination.currentUser());
    if (!user.ok) return undefined;
    const { connectionId, credential } = connection;
    return `${connectionId} ${credential.revision} ${user.value.permissions.toSorted().join(' ')}`;
  }
}
