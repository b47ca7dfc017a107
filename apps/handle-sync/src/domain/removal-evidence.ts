interface Suspicion {
  readonly since: number;
  readonly credential: string;
}

/**
 * What speaks for teams being gone, or no longer on call.
 *
 * One look proves nothing: a list shifts while its pages are turned, and an account loses rights. So a team is believed to
 * be gone when two looks with one credential, `confirmMs` apart, show it gone and none between showed it there; where most
 * handles of the directory are under suspicion, twice that. Times in ms of a steady clock.
 */
export class RemovalEvidence {
  private readonly suspicions = new Map<string, Suspicion>();

  constructor(private readonly confirmMs: number) {}

  /** A look did not show the team. `credential` names who looked, and what that credential was allowed. */
  suspect(teamId: string, credential: string, now: number): void {
    if (this.suspicions.get(teamId)?.credential !== credential) this.suspicions.set(teamId, { since: now, credential });
  }

  /** A look showed it. */
  clear(teamId: string): void {
    this.suspicions.delete(teamId);
  }

  /** True once the suspicion has lasted; `isMass` where most handles of the directory are under it. */
  isConfirmed(teamId: string, now: number, isMass: boolean): boolean {
    const since = this.suspicions.get(teamId)?.since;
    return since !== undefined && now - since >= this.confirmMs * (isMass ? 2 : 1);
  }

  /** True where a further look could confirm it. */
  isRipe(teamId: string, now: number): boolean {
    return this.isConfirmed(teamId, now, false);
  }
}
