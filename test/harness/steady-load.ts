import { type Alert, PageCommands } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { SourceOrg } from './source-org.ts';

export interface Sent {
  readonly alert: Alert;
  readonly handles: number;
  /** Where its commands, its ledger and its outcomes stand. */
  readonly partition: number;
  readonly at: number;
  /** Whether its recovery is sent, sooner or later. */
  readonly recovers: boolean;
}

const recoversAfterMs = 2000;

/** Alerts at a steady rate, each about a thing of its own, with one or two handles; two of three recover soon after. */
export class SteadyLoad {
  readonly sent: Sent[] = [];
  readonly #org: SourceOrg;
  readonly #handles: readonly [string, string];
  readonly #pending = new Set<Promise<unknown>>();
  readonly #recoveries = new Set<NodeJS.Timeout>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(org: SourceOrg, handles: readonly [string, string], everyMs: number) {
    this.#org = org;
    this.#handles = handles;
    this.#timer = setInterval(() => this.#trigger(), everyMs);
  }

  /** Sends nothing more, whatever becomes of the test. */
  end(): void {
    clearInterval(this.#timer);
    for (const timer of this.#recoveries) clearTimeout(timer);
  }

  /** Resolves when all of it is on Kafka; a recovery that was still to come is sent now. */
  async stop(): Promise<void> {
    this.end();
    for (const { alert, recovers } of this.sent) if (recovers) this.#recover(alert);
    await Promise.all(this.#pending);
  }

  #trigger(): void {
    const n = this.#count++;
    const handles = n % 3 === 0 ? this.#handles : this.#handles.slice(0, 1);
    const its = { alertKey: `load-${n}`, message: `It fails. ${handles.map((name) => `@oncall-${name}`).join(' ')}` };
    const partition = partitionFor(alertIdentity(this.#org.id, its.alertKey), PageCommands.card.partitions);
    const at = Date.now();
    const triggered = this.#org.alert(its).then((alert) => {
      const recovers = n % 3 !== 1;
      this.sent.push({ alert, handles: handles.length, partition, at, recovers });
      if (!recovers) return;
      const timer = setTimeout(() => {
        this.#recoveries.delete(timer);
        this.#recover(alert);
      }, recoversAfterMs);
      this.#recoveries.add(timer);
    });
    this.#pending.add(triggered);
  }

  #recover({ alertKey }: Alert): void {
    this.#pending.add(this.#org.alert({ alertKey, transition: 'recovered' }));
  }
}
