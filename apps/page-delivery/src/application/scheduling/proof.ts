import { type Step } from '@pagebridge/page-ledger';

/** Finds out from successful calls that a credential works for both steps. */
export class Proof {
  private readonly steps = new Set<Step>();
  private credential: string | undefined;
  private isGiven = false;

  /** Records a served step. Returns true once, when both steps were served with this credential. */
  served(step: Step, credential: string | undefined): boolean {
    if (credential !== this.credential) this.renew();
    this.credential = credential;
    this.steps.add(step);
    if (this.isGiven || this.steps.size < 2) return false;
    this.isGiven = true;
    return true;
  }

  refused(step: Step): void {
    this.steps.delete(step);
  }

  /** Starts again, so that `served` can return true once more. */
  renew(): void {
    this.steps.clear();
    this.isGiven = false;
  }
}
