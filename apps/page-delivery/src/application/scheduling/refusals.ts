import type { Step } from '../../domain/page.ts';
import type { Backoff } from './backoff.ts';
import { Proof } from './proof.ts';

// After so many pages in a row whose first call is refused, the credential is doubted.
const pagesToDoubt = 5;

/** The refusals of one step, since the last page that the destination served. */
interface Refusal {
  readonly credential: string | undefined;
  /** The refusal was reported, and no repair since. */
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
 * A single refused page says nothing of it. A doubted credential, after several refused pages in a row, gets one call at
 * a time, and each page keeps its own backoff. A refused one gets one probe at a time, with the backoff of the credential.
 */
export class Refusals {
  private readonly bySteps = new Map<Step, Refusal>();
  private readonly proof = new Proof();

  constructor(
    private readonly probing: Backoff,
    private readonly credential: () => string | undefined,
  ) {}

  /** Pages were taken over: their former owner may have reported a fault. */
  takenOver(): void {
    this.proof.renew();
  }

  get isAtFault(): boolean {
    return [...this.bySteps.values()].some(({ standing }) => standing !== 'good');
  }

  admits(step: Step, now: number): boolean {
    return now >= (this.bySteps.get(step)?.nextProbeAt ?? 0);
  }

  /** A call begins: while the credential is at fault, no other does until that one has ended. */
  start(step: Step): void {
    const refusal = this.bySteps.get(step);
    if (refusal && refusal.standing !== 'good') refusal.nextProbeAt = Number.POSITIVE_INFINITY;
  }

  /** A call ended that says nothing of the credential: the next one is the probe. */
  ended(step: Step, now: number): void {
    const refusal = this.bySteps.get(step);
    if (refusal?.nextProbeAt === Number.POSITIVE_INFINITY) refusal.nextProbeAt = now;
  }

  /**
   * Returns what to report, if anything: that the credential works again, or that it does. The latter once, when both steps
   * were served: a former owner of its pages may have reported a fault that was mended since.
   */
  served(step: Step, now: number): 'repaired' | 'proven' | undefined {
    const isProven = this.proof.served(step, this.credential(), now);
    const refusal = this.bySteps.get(step);
    this.bySteps.delete(step);
    if (refusal && this.isWellAgain(refusal)) return 'repaired';
    return isProven && !this.isReported ? 'proven' : undefined;
  }

  /** One page was refused; only its first call counts. Returns whether to report that the credential is at fault. */
  refusedPage(step: Step, isFirstCall: boolean, now: number): boolean {
    const refusal = this.of(step);
    if (isFirstCall) refusal.pages += 1;
    const isNew = refusal.standing === 'good' && refusal.pages >= pagesToDoubt;
    if (isNew) Object.assign(refusal, { standing: 'doubted', isReported: true });
    this.closeAfterProbe(refusal, now);
    return isNew;
  }

  /** The credential was refused for a step. Returns whether to report it. */
  refused(step: Step, now: number): boolean {
    const refusal = this.of(step);
    const isNew = refusal.standing !== 'refused';
    Object.assign(refusal, { standing: 'refused', isReported: true });
    // Calls that ran in parallel with the first refused one say nothing new.
    if (isNew) this.close(refusal, now);
    else this.closeAfterProbe(refusal, now);
    return isNew;
  }

  /** A diagnosis found nothing wrong. Returns whether to report that the credential works again. */
  foundGood(step: Step, now: number): boolean {
    const refusal = this.bySteps.get(step);
    if (refusal?.standing !== 'refused') return false;
    refusal.nextProbeAt = now;
    refusal.standing = refusal.pages < pagesToDoubt ? 'good' : 'doubted';
    return refusal.standing === 'good' && this.isWellAgain(refusal);
  }

  /** The connection changed: probes at once. Returns whether its credential is another one, or has passed a check since. */
  renew(): boolean {
    const credential = this.credential();
    let isAnother = false;
    for (const [step, refusal] of this.bySteps) {
      refusal.nextProbeAt = 0;
      if (refusal.credential === credential) continue;
      this.bySteps.set(step, { ...nothing, credential, isReported: refusal.isReported });
      isAnother = true;
    }
    return isAnother;
  }

  /** When the next probe is due after `now`; infinite where none is. */
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

  private isWellAgain(refusal: Refusal): boolean {
    const wasTold = refusal.isReported;
    refusal.isReported = false;
    return wasTold && !this.isReported;
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
