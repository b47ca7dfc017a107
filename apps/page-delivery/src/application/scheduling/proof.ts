import type { Step } from '../../domain/page.ts';

// What was served long ago says nothing of a permission that was taken away since.
const freshMs = 60_000;

/** Whether a credential works for both steps, as calls over it show. */
export class Proof {
  private readonly servedAt = new Map<Step, number>();
  private credential: string | undefined;
  private isGiven = false;

  /** Returns true once, as soon as both steps were served with this credential within a minute. */
  served(step: Step, credential: string | undefined, now: number): boolean {
    if (credential !== this.credential) this.renew();
    this.credential = credential;
    this.servedAt.set(step, now);
    const isFresh = (of: Step) => now - (this.servedAt.get(of) ?? Number.NEGATIVE_INFINITY) <= freshMs;
    if (this.isGiven || !isFresh('create') || !isFresh('resolve')) return false;
    this.isGiven = true;
    return true;
  }

  /** It is wanted once more. */
  renew(): void {
    this.servedAt.clear();
    this.isGiven = false;
  }
}
