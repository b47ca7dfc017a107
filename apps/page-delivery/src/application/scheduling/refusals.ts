import type { Step } from '../../domain/page.ts';
import type { Backoff } from './backoff.ts';

// So many pages in a row whose first call is refused speak against the credential, whatever else is said for it.
const pagesToDoubt = 5;

/** What speaks against the credential for one step, since a page was last served. */
interface Refusal {
  readonly credential: string | undefined;
  /** That the credential is at fault has been told, and not that it is well again. */
  isTold: boolean;
  /** Pages that were refused at their first call. */
  pages: number;
  standing: 'good' | 'doubted' | 'refused';
  probes: number;
  /** Infinite while a probe is under way. */
  nextProbeAt: number;
}

const nothing = { isTold: false, pages: 0, standing: 'good', probes: 0, nextProbeAt: 0 } as const;

/**
 * What is known against the credential of a lane, step by step.
 *
 * A page that is refused alone says nothing of it. Where it is doubted, because several pages in a row were, one call is
 * made at a time, and each page keeps its own backoff. Where it is refused, there is one call at each time to probe it.
 */
export class Refusals {
  private readonly bySteps = new Map<Step, Refusal>();

  constructor(
    private readonly probing: Backoff,
    /** Names the credential as it now is. */
    private readonly credential: () => string | undefined,
  ) {}

  /** The credential is held to be at fault for a step. */
  get isAtFault(): boolean {
    return [...this.bySteps.values()].some(({ standing }) => standing !== 'good');
  }

  admits(step: Step, now: number): boolean {
    return now >= (this.bySteps.get(step)?.nextProbeAt ?? 0);
  }

  /** A call is made: where the credential is at fault, no other until that one is answered. */
  start(step: Step): void {
    const refusal = this.bySteps.get(step);
    if (refusal && refusal.standing !== 'good') refusal.nextProbeAt = Number.POSITIVE_INFINITY;
  }

  /** A call ended that says nothing of the credential: if it was a probe, the next one is. */
  ended(step: Step, now: number): void {
    const refusal = this.bySteps.get(step);
    if (refusal?.nextProbeAt === Number.POSITIVE_INFINITY) refusal.nextProbeAt = now;
  }

  /** True when it is to be told that the credential is well again. */
  served(step: Step): boolean {
    const refusal = this.bySteps.get(step);
    if (!refusal) return false;
    this.bySteps.delete(step);
    return this.isWellAgain(refusal);
  }

  /**
   * One page was refused. True when it is to be told that the credential is at fault. A page that is called again and
   * refused again is no news of it.
   */
  refusedPage(step: Step, isFirstCall: boolean, now: number): boolean {
    const refusal = this.of(step);
    if (isFirstCall) refusal.pages += 1;
    const isNews = refusal.standing === 'good' && refusal.pages >= pagesToDoubt;
    if (isNews) Object.assign(refusal, { standing: 'doubted', isTold: true });
    this.closeAfterProbe(refusal, now);
    return isNews;
  }

  /** The credential was refused for a step. True when that is to be told. */
  refused(step: Step, now: number): boolean {
    const refusal = this.of(step);
    const isNews = refusal.standing !== 'refused';
    Object.assign(refusal, { standing: 'refused', isTold: true });
    // Calls that were under way when the first was refused teach nothing new.
    if (isNews) this.close(refusal, now);
    else this.closeAfterProbe(refusal, now);
    return isNews;
  }

  /** A look at the credential found nothing wrong. True when it is to be told that it is well again. */
  foundGood(step: Step, now: number): boolean {
    const refusal = this.bySteps.get(step);
    if (refusal?.standing !== 'refused') return false;
    refusal.nextProbeAt = now;
    refusal.standing = refusal.pages < pagesToDoubt ? 'good' : 'doubted';
    return refusal.standing === 'good' && this.isWellAgain(refusal);
  }

  /**
   * The connection changed: what is closed may be probed. True when what was refused is another credential now, or has
   * passed a check since: nothing is known against this one, so that its first refusal is told again.
   */
  renew(): boolean {
    const credential = this.credential();
    let isAnother = false;
    for (const [step, refusal] of this.bySteps) {
      refusal.nextProbeAt = 0;
      if (refusal.credential === credential) continue;
      this.bySteps.set(step, { ...nothing, credential, isTold: refusal.isTold });
      isAnother = true;
    }
    return isAnother;
  }

  /** When the next probe may be made that may not be made now; infinite where none is waited for. */
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
    const wasTold = refusal.isTold;
    refusal.isTold = false;
    return wasTold && ![...this.bySteps.values()].some(({ isTold }) => isTold);
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
