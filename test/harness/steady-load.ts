import { randomUUID } from 'node:crypto';
import { type Alert, Alerts, PageCommands } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { Driver } from '@pagebridge/local-stack';
import { anAlert } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Sent as Event } from '../chaos/audit/history.ts';
import { digestOf } from '../chaos/load.ts';

export interface Sent {
  readonly alert: Alert;
  readonly handles: number;
  /** The partition of its commands, its ledger record and its outcomes. */
  readonly partition: number;
  readonly at: number;
  /** Whether its recovery will be sent. */
  readonly recovers: boolean;
}

const tickMs = 10;
const recoversAfterMs = 2000;

/** Sends alerts at a steady rate, each with its own key and one or two handles; two of three recover soon after. */
export class SteadyLoad {
  readonly sent: Sent[] = [];
  readonly #events: Event[] = [];
  readonly #sourceOrg: string;
  readonly #driver: Driver;
  readonly #handles: readonly [string, string];
  readonly #pending = new Set<Promise<void>>();
  readonly #recoveries = new Map<Alert, NodeJS.Timeout>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #ended = false;

  constructor(sourceOrg: string, driver: Driver, handles: readonly [string, string], perSecond: number) {
    this.#sourceOrg = sourceOrg;
    this.#driver = driver;
    this.#handles = handles;
    const began = performance.now();
    // A late tick catches up with the alerts that are due.
    this.#timer = setInterval(() => {
      while (this.#count < ((performance.now() - began) / 1000) * perSecond) this.#trigger();
    }, tickMs);
  }

  /** Every published event with recoveries, in the form for the auditor. */
  get events(): readonly Event[] {
    return this.#events;
  }

  /** Stops at once, for the end of a failed test. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    for (const timer of this.#recoveries.values()) clearTimeout(timer);
  }

  /** Publishes the outstanding recoveries; resolves once all events are on Kafka. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    this.end();
    for (const alert of this.#recoveries.keys()) this.#recover(alert);
    await Promise.all(this.#pending);
  }

  #trigger(): void {
    const n = this.#count++;
    const handles = n % 3 === 0 ? this.#handles : this.#handles.slice(0, 1);
    const message = `It fails. ${handles.map((name) => `@oncall-${name}`).join(' ')}`;
    const alert = anAlert({ sourceOrg: this.#sourceOrg, alertKey: `load-${n}`, message });
    const partition = partitionFor(alertIdentity(this.#sourceOrg, alert.alertKey), PageCommands.card.partitions);
    const at = Date.now();
    const recovers = n % 3 !== 1;
    this.#await(
      this.#publish(alert).then(() => {
        this.sent.push({ alert, handles: handles.length, partition, at, recovers });
        if (recovers && !this.#ended)
          this.#recoveries.set(
            alert,
            setTimeout(() => this.#recover(alert), recoversAfterMs),
          );
      }),
    );
  }

  #recover(alert: Alert): void {
    this.#recoveries.delete(alert);
    const { sourceOrg, alertKey } = alert;
    this.#await(this.#publish(anAlert({ sourceOrg, alertKey, transition: 'recovered' })));
  }

  #await(written: Promise<void>): void {
    this.#pending.add(written);
    void written.then(() => this.#pending.delete(written));
  }

  async #publish(alert: Alert): Promise<void> {
    const eventId = randomUUID();
    const attributes = { id: eventId, source: '//monitors.acme.example', time: new Date().toISOString() };
    const record = Alerts.encode(alertIdentity(alert.sourceOrg, alert.alertKey), attributes, alert);
    await this.#driver.publish([record]);
    const { key, value } = record;
    this.#events.push({ eventId, key: String(key), digest: digestOf(value), acknowledged: true, alert });
  }
}
