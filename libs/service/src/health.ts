import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { KafkaBatchServer } from './kafka/kafka-batch-server.ts';

type Probe = 'started' | 'live' | 'ready';

/** Which probes a part passes: all that it leaves out. The detail says what it waits for, or what it has done. */
export type State = { readonly [probe in Probe]?: boolean } & { readonly detail?: string };

/** A part of a service that tells its state. */
export interface Part {
  health(): State;
}

interface Check {
  readonly ok: boolean;
  readonly detail?: string | undefined;
}

/**
 * The parts of a service, which answer its three probes together. Started: the start-up has completed once. Live: the process can
 * recover by itself; an outage of a broker or a database never fails this probe. Ready: the service can do its work now.
 */
@Injectable()
export class Health implements BeforeApplicationShutdown {
  private readonly parts = new Map<string, () => State>();
  isStopping = false;

  watch(name: string, part: Part): void {
    this.parts.set(name, () => part.health());
  }

  /** Adds a part that the service works without: its detail is shown, and it is ready whatever the part says. */
  show(name: string, part: Part): void {
    this.parts.set(name, () => ({ ...part.health(), ready: true }));
  }

  /** Whether the consumer of this process is a member of its group: nobody else owns its partitions. */
  get isMember(): boolean {
    const consumer: keyof KafkaBatchServer['parts'] = 'kafka';
    return this.parts.get(consumer)?.().ready === true;
  }

  /** Makes the ready probe fail from now on, so that no new requests are sent here during the stop. */
  stop(): void {
    this.isStopping = true;
    this.watch('process', { health: () => ({ ready: false, detail: 'stopping' }) });
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  /** Returns the state of every part for one probe, which passes if all do. */
  report(probe: Probe): { ok: boolean; checks: Record<string, Check> } {
    const checks = [...this.parts].map(([name, state]) => {
      const { [probe]: ok = true, detail } = state();
      return [name, { ok, detail }] as const;
    });
    return { ok: checks.every(([, { ok }]) => ok), checks: Object.fromEntries(checks) };
  }
}
