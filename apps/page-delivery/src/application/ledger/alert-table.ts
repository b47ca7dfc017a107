import type { AlertState } from '@pagebridge/contracts';
import type { RestingAlerts } from '../../domain/ledger/resting-alerts.ts';
import { isAtRest } from '../../domain/ledger/retention.ts';
import type { WaitingPages } from './waiting-pages.ts';

interface Held {
  state: AlertState | undefined;
  durable: AlertState | undefined;
}

/** An alert in memory, and as the ledger holds it. Each is undefined if the alert is forgotten or was never written. */
export type Entry = Readonly<Held>;

/** The alerts of one partition in memory: alerts that change now as objects, alerts at rest as text. */
export class AlertTable {
  private readonly awake = new Map<string, Held>();

  constructor(
    readonly resting: RestingAlerts,
    private readonly waiting: WaitingPages,
  ) {}

  get size(): number {
    return this.awake.size + this.resting.size;
  }

  get(key: string): AlertState | undefined {
    const entry = this.awake.get(key);
    return entry ? entry.state : this.resting.get(key);
  }

  /** Returns undefined for an alert at rest, which equals its state in the ledger. */
  entry(key: string): Entry | undefined {
    return this.awake.get(key);
  }

  *all(): Generator<[string, AlertState]> {
    for (const [key, { state }] of this.awake) if (state) yield [key, state];
    yield* this.resting.all();
  }

  /**
   * Yields the keys of the awake alerts of an org, then of those at rest that mention a text, and undefined for each other
   * one, so that the caller can pause. Alerts that leave rest meanwhile are included; new alerts may be missing.
   */
  *mentioning(sourceOrg: string, text: string): Generator<string | undefined> {
    const awake = new Set([...this.awake].flatMap(([key, { state }]) => (state?.sourceOrg === sourceOrg ? [key] : [])));
    yield* awake;
    for (const key of this.resting.keysOf(sourceOrg)) {
      if (!awake.has(key)) yield this.awake.has(key) || this.resting.mentions(key, text) ? key : undefined;
    }
  }

  set(key: string, state: AlertState | undefined): void {
    const entry = this.awake.get(key) ?? this.wake(key);
    const known = state ?? entry.state;
    if (known) this.waiting.changed(known.sourceOrg, entry.state, state);
    entry.state = state;
  }

  /** Records the state that the ledger holds now. */
  hold(key: string, state: AlertState | undefined): void {
    const entry = this.awake.get(key);
    if (!entry) return;
    entry.durable = state;
    if (!state && !entry.state) this.awake.delete(key);
  }

  /** Returns whether the ledger holds the present state of an alert. */
  isDurable(key: string): boolean {
    const entry = this.awake.get(key);
    return entry === undefined || entry.state === entry.durable;
  }

  /** Stores an alert as text, if it is at rest and the ledger holds it. */
  rest(key: string): void {
    const state = this.awake.get(key)?.state;
    if (!state || !this.isDurable(key) || !isAtRest(state)) return;
    this.awake.delete(key);
    this.resting.keep(key, state);
  }

  private wake(key: string): Held {
    const state = this.resting.get(key);
    this.resting.delete(key);
    const entry: Held = { state, durable: state };
    this.awake.set(key, entry);
    return entry;
  }
}
