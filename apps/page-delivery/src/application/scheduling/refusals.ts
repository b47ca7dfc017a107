import { type Step } from '@pagebridge/page-ledger';
import type { Backoff } from './backoff.ts';
import { Proof } from './proof.ts';

// The credential is doubted after this many consecutive pages whose first call was refused.
const pagesToDoubt = 5;

/** The refusals of one step since the last page that the destination served. */
interface Refusal {
  readonly credential: string | undefined;
  /** Whether the refusal was reported, and no repair after it. */
  isReported: boolean;
  pages: number;
  standing: 'good' | 'doubted' | 'refused';
  probes: number;
  /** Infinite while a probe is running. */
  nextProbeAt: number;
}

const nothing = { isReported: false, pages: 0, standing: 'good', probes: 0, nextProbeAt: 0 } as const;

/**
 * The refusals of a lane's credential, by step.
 *
 * A single refused page does not count against the credential. After several refused pages in a row the credential is
 * doubted: the lane makes one call at a time, and each page keeps its own backoff. With a refused credential, the lane
 * makes one probe at a time, with the backoff of the credential.
 */
export class Refusals {
  private readonly bySteps = new Map<Step, Refusal>();
  private readonly proof = new Proof();

  constructor(
    private readonly probing: Backoff,
    private readonly credential: () => string | undefined,
  ) {}

  /** Must be called when another owner may have reported a fault: it ends once both steps are served again. */
  proveAgain(): void {
    this.proof.renew();
  }

  get isAtFault(): boolean {
    return [...this.bySteps.values()].some(({ standing }) => standing !== 'good');
  }

  admits(step: Step, now: number): boolean {
    return now >= this.nextProbeAt(step);
  }

  /** Returns the earliest time of a call of this step; infinite while a probe is running. */
  nextProbeAt(step: Step): number {
    return this.bySteps.get(step)?.nextProbeAt ?? 0;
  }

  /** Begins a call. While the credential is at fault, no other call may begin until this one has ended. */
  start(step: Step): void {
    const refusal = this.bySteps.get(step);
    if (refusal && refusal.standing !== 'good') refusal.nextProbeAt = Number.POSITIVE_INFINITY;
  }

  /** Ends a call whose result does not depend on the credential: the next call is the probe. */
  ended(step: Step, now: number): void {
    const refusal = this.bySteps.get(step);
    if (refusal?.nextProbeAt === Number.POSITIVE_INFINITY) refusal.nextProbeAt = now;
  }

  /**
   * Returns what to report of the credential: `repaired` if its reported fault has ended, or `proven` once both steps
   * were served, since a former owner of its pages may have reported a fault that has ended.
   */
  served(step: Step): 'repaired' | 'proven' | undefined {
    const isProven = this.proof.served(step, this.credential());
    const refusal = this.bySteps.get(step);
    this.bySteps.delete(step);
    if (refusal && this.endReport(refusal)) return 'repaired';
    return isProven && !this.isReported ? 'proven' : undefined;
  }

  /** Records a refused page; only its first call counts. Returns whether to report that the credential is at fault. */
  refusedPage(step: Step, isFirstCall: boolean, now: number): boolean {
    this.proof.refused(step);
    const refusal = this.of(step);
    if (isFirstCall) refusal.pages += 1;
    const isNew = refusal.standing === 'good' && refusal.pages >= pagesToDoubt;
    if (isNew) Object.assign(refusal, { standing: 'doubted', isReported: true });
    this.closeAfterProbe(refusal, now);
    return isNew;
  }

  /** Records that the credential was refused for a step. Returns whether to report it. */
  refused(step: Step, now: number): boolean {
    this.proof.refused(step);
    const refusal = this.of(step);
    const isNew = refusal.standing !== 'refused';
    Object.assign(refusal, { standing: 'refused', isReported: true });
    // The refusals of calls that ran in parallel with the first refused call do not count.
    if (isNew) this.close(refusal, now);
    else this.closeAfterProbe(refusal, now);
    return isNew;
  }

  /** Records that a diagnosis found no fault. Returns whether to report that the credential works again. */
  foundGood(step: Step, now: number): boolean {
    const refusal = this.bySteps.get(step);
    if (refusal?.standing !== 'refused') return false;
    refusal.nextProbeAt = now;
    refusal.standing = refusal.pages < pagesToDoubt ? 'good' : 'doubted';
    return refusal.standing === 'good' && this.endReport(refusal);
  }

  /** Allows a probe at once. Returns whether the connection has another credential, or one that passed a check. */
  renew(): boolean {
    const credential = this.credential();
    let hasChanged = false;
    for (const [step, refusal] of this.bySteps) {
      refusal.nextProbeAt = 0;
      if (refusal.credential === credential) continue;
      this.bySteps.set(step, { ...nothing, credential, isReported: refusal.isReported });
      hasChanged = true;
    }
    return hasChanged;
  }

  /** Returns the time of the next probe after `now`; infinite if there is none. */
  opensAt(now: number): number {
    const times = [...this.bySteps.values()].map(({ nextProbeAt }) => nextProbeAt).filter((at) => at > now);
    return Math.min(Number.POSITIVE_INFINITY, ...times);
  }

  private of(step: Step): Refusal {
    const known = this.bySteps.get(step);
    if (known) return known;
    const refusal: Refusal = { ...nothing, credential: this.credential() };
    this.bySteps.set(step, refusal);
    return refusal;
  }

  private endReport(refusal: Refusal): boolean {
    const wasReported = refusal.isReported;
    refusal.isReported = false;
    return wasReported && !this.isReported;
  }

  private get isReported(): boolean {
    return [...this.bySteps.values()].some(({ isReported }) => isReported);
  }

  private closeAfterProbe(refusal: Refusal, now: number): void {
    if (refusal.nextProbeAt === Number.POSITIVE_INFINITY) this.close(refusal, now);
  }

  private close(refusal: Refusal, now: number): void {
    refusal.nextProbeAt = now;
    if (refusal.standing !== 'refused') return;
    const { baseMs, capMs } = this.probing;
    refusal.nextProbeAt += Math.min(capMs, baseMs * 2 ** Math.min(refusal.probes, 20));
    refusal.probes += 1;
  }
}
