import type { Step } from '../../domain/page.ts';

// An older call does not show that the credential still has the permission.
const freshMs = 60_000;

/** Finds out from successful calls that a credential works for both steps. */
export class Proof {
  private readonly servedAt = new Map<Step, number>();
  private credential: string | undefined;
  private isGiven = false;

  /** Records a served step. Returns true once, when both steps were served with this credential within a minute. */
  served(step: Step, credential: string | undefined, now: number): boolean {
    if (credential !== this.credential) this.renew();
    this.credential = credential;
    this.servedAt.set(step, now);
    const isFresh = (of: Step) => now - (this.servedAt.get(of) ?? Number.NEGATIVE_INFINITY) <= freshMs;
    if (this.isGiven || !isFresh('create') || !isFresh('resolve')) return false;
    this.isGiven = true;
    return true;
  }

  /** Starts again, so that `served` can return true once more. */
  renew(): void {
    this.servedAt.clear();
    this.isGiven = false;
  }
}
