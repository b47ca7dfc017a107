import type { AlertState } from '@pagebridge/contracts';
import type { IdleAlerts } from '@pagebridge/page-lifecycle';
import { OpenPages } from './open-pages.ts';
import type { WaitingTotals } from './waiting-totals.ts';

interface Held {
  state: AlertState | undefined;
  durable: AlertState | undefined;
}

/** An alert in memory, and as the ledger holds it. Each is undefined if the alert is forgotten or was never written. */
export type Entry = Readonly<Held>;

/** The alerts of one partition in memory: alerts that change now as objects, idle alerts as text. */
export class AlertTable {
  readonly openPages = new OpenPages();
  private readonly active = new Map<string, Held>();
  private readonly takenOver = this.open();

  constructor(
    readonly idle: IdleAlerts,
    private readonly waiting: WaitingTotals,
  ) {}

  get size(): number {
    return this.active.size + this.idle.size;
  }

  get(key: string): AlertState | undefined {
    const entry = this.active.get(key);
    return entry ? entry.state : this.idle.get(key);
  }

  /** Returns undefined for an idle alert, which equals its state in the ledger. */
  entry(key: string): Entry | undefined {
    return this.active.get(key);
  }

  *all(): Generator<[string, AlertState]> {
    for (const [key, { state }] of this.active) if (state) yield [key, state];
    yield* this.idle.all();
  }

  /**
   * Adds the open pages of the next alert that was taken over, and returns it; undefined once all are added.
   *
   * A partition may have a million such alerts, so the caller pauses between them.
   */
  addOpenPages(): AlertState | undefined {
    const [key, state] = this.takenOver.next().value ?? [];
    if (key !== undefined) this.openPages.changed(key, undefined, state);
    return state;
  }

  private *open(): Generator<[string, AlertState], undefined> {
    for (const [key, { state }] of this.active) if (state) yield [key, state];
    yield* this.idle.open();
  }

  /**
   * Yields the keys of the active alerts of an org, then of the idle ones that mention a text, and undefined for each other
   * one, so that the caller can pause. Alerts that become active meanwhile are included; new alerts may be missing.
   */
  *mentioning(sourceOrg: string, text: string): Generator<string | undefined> {
    const active = new Set(
      [...this.active].flatMap(([key, { state }]) => (state?.sourceOrg === sourceOrg ? [key] : [])),
    );
    yield* active;
    for (const key of this.idle.keysOf(sourceOrg)) {
      if (!active.has(key)) yield this.active.has(key) || this.idle.mentions(key, text) ? key : undefined;
    }
  }

  set(key: string, state: AlertState | undefined): void {
    const entry = this.active.get(key) ?? this.activate(key);
    const known = state ?? entry.state;
    if (known) this.waiting.changed(known.sourceOrg, entry.state, state);
    this.openPages.changed(key, entry.state, state);
    entry.state = state;
  }

  /** Removes an idle alert, which the ledger still holds. */
  forget(key: string): void {
    this.openPages.changed(key, this.idle.get(key), undefined);
    this.idle.delete(key);
  }

  /** Records the state that the ledger holds now. */
  hold(key: string, state: AlertState | undefined): void {
    const entry = this.active.get(key);
    if (!entry) return;
    entry.durable = state;
    if (!state && !entry.state) this.active.delete(key);
  }

  /** Returns whether the ledger holds the present state of an alert. */
  isDurable(key: string): boolean {
    const entry = this.active.get(key);
    return entry === undefined || entry.state === entry.durable;
  }

  /** Returns whether an alert is neither kept here nor, as far as this process knows, in the ledger. */
  isAbsent(key: string): boolean {
    const entry = this.active.get(key);
    return entry !== undefined && !entry.state && !entry.durable;
  }

  /** Stores an alert as text, if it is idle and the ledger holds it. */
  deactivate(key: string): void {
    const state = this.active.get(key)?.state;
    if (state && this.isDurable(key) && this.idle.keep(key, state)) this.active.delete(key);
  }

  private activate(key: string): Held {
    const state = this.idle.get(key);
    this.idle.delete(key);
    const entry: Held = { state, durable: state };
    this.active.set(key, entry);
    return entry;
  }
}
