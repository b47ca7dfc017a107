import type { AlertState, PageState, Told } from '@pagebridge/contracts';
import { newWork } from '../domain/page.ts';
import type { Fact } from '../domain/report.ts';
import { isAtRest } from '../domain/retention.ts';
import { waitingBytes } from '../domain/waiting-bytes.ts';

/** The partition has another owner, or will have: whoever was told so drops its work, and the ledger goes on from there. */
export class PartitionLost extends Error {
  override readonly name = 'PartitionLost';
  constructor(partition: number) {
    super(`partition ${partition} is no longer owned by this process`);
  }
}

interface Waiter {
  readonly isPatient: boolean;
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const none: readonly Fact[] = [];

/** One alert as it is, and as the ledger is known to hold it; undefined: forgotten, or never written. */
interface Entry {
  state: AlertState | undefined;
  durable: AlertState | undefined;
  waitingBytes: number;
}

/** What one write holds of a partition. */
export interface Changes {
  /** The alerts that are written, with what else is told of them. */
  readonly changed: ReadonlyMap<string, readonly Fact[]>;
  /** How many changes there had been by then. */
  readonly upTo: number;
  /** Numbers the writes. */
  readonly write: number;
  readonly told: Told | undefined;
}

/** The alerts of one partition during one ownership, and which of them are ahead of the ledger. */
export class Shard {
  /** One at rest is JSON: a single thing for the garbage collector to keep, where its state is thirty. */
  private readonly entries = new Map<string, Entry | string>();
  private changed = new Map<string, readonly Fact[]>();
  /** The last alert whose outcomes have been told while the ledger does not say so yet. */
  private lastTold: { readonly key: string; readonly write: number; readonly at: number } | undefined;
  private writes = 0;
  /** The last write of which everything is written, outcomes included. */
  private wholeWrites = 0;
  /** Ids of pages that were handed out before the ledger held them. */
  private readonly early = new Set<string>();
  private readonly waiters: Waiter[] = [];
  private changeCount = 0;
  private writtenCount = 0;
  private waitingSum = 0;
  private isLost = false;

  constructor(
    readonly partition: number,
    readonly generation: number,
    /** The ledger was read up to this offset. */
    private readonly end: number,
  ) {}

  get lost(): boolean {
    return this.isLost;
  }

  get size(): number {
    return this.entries.size;
  }

  get hasChanges(): boolean {
    return this.changed.size > 0;
  }

  /** What the pages that wait take in memory, roughly. */
  get waitingBytes(): number {
    return this.waitingSum;
  }

  get(key: string): AlertState | undefined {
    return this.awake(key)?.state;
  }

  *all(): Generator<[string, AlertState]> {
    for (const [key, entry] of this.entries) {
      const state = typeof entry === 'string' ? parsed(entry) : entry.state;
      if (state) yield [key, state];
    }
  }

  /** Keeps an alert as text, until it is asked for, if it is at rest and the ledger holds it as it is. */
  rest(key: string): void {
    const entry = this.entries.get(key);
    if (typeof entry !== 'object' || entry.state === undefined || entry.state !== entry.durable) return;
    if (isAtRest(entry.state) && !this.changed.has(key)) this.entries.set(key, JSON.stringify(entry.state));
  }

  restore(key: string, state: AlertState): void {
    this.weigh(this.hold(key, state));
  }

  set(key: string, state: AlertState | undefined, facts: readonly Fact[]): void {
    if (this.isLost) throw new PartitionLost(this.partition);
    const known = this.awake(key);
    if (known?.state === state && facts.length === 0) return;
    const entry: Entry = known ?? { state: undefined, durable: undefined, waitingBytes: 0 };
    if (!known) this.entries.set(key, entry);
    entry.state = state;
    this.weigh(entry);
    this.touch(key, facts);
  }

  touch(key: string, facts: readonly Fact[] = none): void {
    this.changeCount += 1;
    const waiting = this.changed.get(key);
    if (!waiting) this.changed.set(key, facts);
    else if (facts.length > 0) this.changed.set(key, [...waiting, ...facts]);
  }

  /** If nothing has been written since, an alert is written once more, to say that outcomes were told until then. */
  touchIfToldBefore(time: number): void {
    if (this.lastTold && this.lastTold.at <= time && this.get(this.lastTold.key)) this.touch(this.lastTold.key);
  }

  takeChanges(): Changes {
    const { changed, changeCount: upTo, told } = this;
    this.changed = new Map();
    this.writes += 1;
    return { changed, upTo, write: this.writes, told };
  }

  putBack(unwritten: readonly { readonly key: string; readonly facts: readonly Fact[] }[]): void {
    for (const { key, facts } of unwritten) {
      this.changed.set(key, [...facts, ...(this.changed.get(key) ?? [])]);
    }
  }

  /** Pages to be created that nobody was told of, since the ledger does not hold them yet; from now on somebody is. */
  takeUnwritten(key: string): PageState[] {
    const entry = this.awake(key);
    const work = entry?.state ? newWork(entry.durable, entry.state) : [];
    const pages = work.filter((page) => page.status === 'pending' && !this.early.has(page.pageId));
    for (const { pageId } of pages) this.early.add(pageId);
    return pages;
  }

  /** What the ledger now holds to be done, and nobody was told of. */
  takeWork(before: AlertState | undefined, state: AlertState): PageState[] {
    const work = newWork(before, state).filter(({ pageId }) => !this.early.has(pageId));
    for (const { pageId } of state.pages) this.early.delete(pageId);
    return work;
  }

  /** Notes that the ledger holds this state; answers what it held before. */
  nowDurable(key: string, state: AlertState | undefined): AlertState | undefined {
    const entry = this.awake(key);
    const before = entry?.durable;
    if (entry) entry.durable = state;
    if (!entry?.state && !state) this.entries.delete(key);
    return before;
  }

  /** The same alert without the outcomes that have been told with this write; the ledger learns of it with the next one. */
  toldWith(write: number, key: string, change: (state: AlertState) => AlertState, at: number): void {
    const entry = this.awake(key);
    if (!entry?.state) return;
    const isDurable = entry.state === entry.durable;
    entry.state = change(entry.state);
    this.lastTold = { key, write, at };
    if (!isDurable) return;
    // What has been told makes no difference to what the ledger holds to be done.
    entry.durable = entry.state;
    this.rest(key);
  }

  /** Who is not patient is sent away by `dismiss`. */
  written(isPatient: boolean): Promise<void> {
    if (this.isLost) return Promise.reject(new PartitionLost(this.partition));
    if (this.writtenCount >= this.changeCount) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiters.push({ isPatient, upTo: this.changeCount, resolve, reject });
    return promise;
  }

  /** All of this is written, outcomes included. */
  wrote({ upTo, write, told }: Changes): void {
    this.writtenCount = upTo;
    this.wholeWrites = write;
    if (this.lastTold && told && this.lastTold.write <= told.write) this.lastTold = undefined;
    const ready = this.waiters.filter((waiter) => waiter.upTo <= upTo);
    this.waiters.splice(0, this.waiters.length, ...this.waiters.filter((waiter) => waiter.upTo > upTo));
    for (const { resolve } of ready) resolve();
  }

  /** What waits to be written has to wait longer, and perhaps for ever. */
  dismiss(): void {
    const impatient = this.waiters.filter(({ isPatient }) => !isPatient);
    this.waiters.splice(0, this.waiters.length, ...this.waiters.filter(({ isPatient }) => isPatient));
    for (const { reject } of impatient) reject(new PartitionLost(this.partition));
  }

  lose(): void {
    this.isLost = true;
    this.changed.clear();
    for (const { reject } of this.waiters.splice(0)) reject(new PartitionLost(this.partition));
  }

  /**
   * Of which states the outcomes are known to be written; every state that is written says so for all.
   *
   * The first write of an owner holds what its predecessors owed, so that from the second on none of theirs is owed.
   */
  private get told(): Told | undefined {
    return this.wholeWrites === 0 ? undefined : { write: this.wholeWrites, before: this.end };
  }

  private awake(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    // At rest none of its pages waits, so that it has no weight.
    return typeof entry === 'string' ? this.hold(key, parsed(entry)) : entry;
  }

  /** Keeps an alert as the ledger holds it. */
  private hold(key: string, state: AlertState): Entry {
    const entry: Entry = { state, durable: state, waitingBytes: 0 };
    this.entries.set(key, entry);
    return entry;
  }

  private weigh(entry: Entry): void {
    const after = entry.state ? waitingBytes(entry.state) : 0;
    this.waitingSum += after - entry.waitingBytes;
    entry.waitingBytes = after;
  }
}

const parsed = (text: string): AlertState => JSON.parse(text);
