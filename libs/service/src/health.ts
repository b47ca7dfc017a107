import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

export interface CheckResult {
  readonly ok: boolean;
  readonly detail?: string;
}
export type HealthCheck = () => CheckResult;

type Probe = 'started' | 'live' | 'ready';

/** A component that reports whether it has started, is live and is ready. A probe that it does not report passes. */
export interface Watched {
  health(): { readonly [probe in Probe]?: boolean } & { readonly detail: string };
}

/**
 * The named checks of the three probes. Started: the start-up has completed once. Live: the process can recover by itself; an
 * outage of a broker or a database never fails this probe. Ready: the service can do its work now.
 */
@Injectable()
export class Health implements BeforeApplicationShutdown {
  private readonly started = new Map<string, HealthCheck>();
  private readonly live = new Map<string, HealthCheck>();
  private readonly ready = new Map<string, HealthCheck>();
  isStopping = false;

  addReady(name: string, check: HealthCheck): void {
    this.ready.set(name, check);
  }

  /** Adds a component to these probes. */
  watch(name: string, watched: Watched, ...probes: readonly Probe[]): void {
    for (const probe of probes) {
      this[probe].set(name, () => {
        const { detail, [probe]: ok = true } = watched.health();
        return { ok, detail };
      });
    }
  }

  /** Returns whether this check of the ready probe passes now. */
  isReady(name: string): boolean {
    return this.ready.get(name)?.().ok === true;
  }

  /** Makes the ready probe fail from now on, so that no new requests are sent here during the stop. */
  stop(): void {
    this.isStopping = true;
    this.addReady('process', () => ({ ok: false, detail: 'stopping' }));
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  report(kind: Probe): { ok: boolean; checks: Record<string, CheckResult> } {
    const checks = Object.fromEntries([...this[kind]].map(([name, check]) => [name, check()]));
    return { ok: Object.values(checks).every((check) => check.ok), checks };
  }
}
