interface Suspicion {
  readonly since: number;
  readonly credential: string;
}

/**
 * The evidence that teams are gone, or no longer on call.
 *
 * One sync proves nothing: a list shifts while it is paged through, and an account can lose permissions. A team counts as gone
 * if two syncs with the same credential, at least `confirmMs` apart, do not show it and no sync in between does. If most
 * handles of the directory are suspected, twice that time is required. Times are in milliseconds of a monotonic clock.
 */
export class RemovalEvidence {
  private readonly suspicions = new Map<string, Suspicion>();

  constructor(private readonly confirmMs: number) {}

  /** Records that a sync did not show the team. `credential` identifies the credential and its permissions. */
  suspect(teamId: string, credential: string, now: number): void {
    if (this.suspicions.get(teamId)?.credential !== credential) this.suspicions.set(teamId, { since: now, credential });
  }

  /** Records that a sync showed the team. */
  clear(teamId: string): void {
    this.suspicions.delete(teamId);
  }

  /** Returns whether the suspicion has lasted long enough; `isMass` if most handles of the directory are suspected. */
  isConfirmed(teamId: string, now: number, isMass: boolean): boolean {
    const since = this.suspicions.get(teamId)?.since;
    return since !== undefined && now - since >= this.confirmMs * (isMass ? 2 : 1);
  }
}
