import type { AlertState, IncomingRecord, OutcomeWatermark } from '@pagebridge/contracts';
import { instant } from '../event-time.ts';
import { allReported } from '../outcomes.ts';
import { IdleAlerts } from './idle-alerts.ts';
import { LedgerOrder } from './ledger-order.ts';
import { type LedgerRecord, ledgerRecordOf, type Written } from './ledger-record.ts';

interface Read extends Written {
  readonly offset: number;
  readonly state: AlertState;
}

/** The alerts that were read from a partition of the ledger. */
export interface Restored {
  readonly alerts: ReadonlyMap<string, AlertState>;
  readonly idle: IdleAlerts;
  readonly forgotten: Forgotten;
  /** The keys of the alerts whose record cannot be read: they stay as they are in the ledger. */
  readonly unreadable: ReadonlySet<string>;
  /** The offset before which every record has been read. */
  readonly end: number;
  /** The time of the newest record, in ms since the epoch; infinitely long ago without records. */
  readonly newestAt: number;
}

/** The idle alerts that the ledger holds but that do not fit into memory. */
export interface Forgotten {
  readonly keys: readonly string[];
  readonly ofOrgs: ReadonlyMap<string, number>;
}

// Alerts become idle once this many are active, or twice as many as stayed active the last time.
const idleEvery = 100;
const maxForgottenAtOnce = 1000;
// The keys take memory too. The next owner reads, and forgets, the alerts beyond this number.
const maxForgottenKeys = 100_000;
// The latest of possibly millions of tombstones are enough: a late record of a stale owner arrives within its lease.
const maxTombstones = 10_000;

/**
 * Reads the ledger of one partition, oldest record first, and keeps the present state of each alert.
 *
 * The outcome watermark shows which outcomes are published. Alerts become idle as early as possible, so that a new owner can
 * read a partition with a million alerts. Of an idle alert only the owner is known, not the write.
 */
export class LedgerReading {
  readonly idle = new IdleAlerts();
  private active = new Map<string, Read>();
  /** The owner epochs of the latest tombstones, by key. */
  private readonly tombstones = new Map<string, number>();
  private readonly unreadable = new Map<string, Written>();
  private readonly order = new LedgerOrder();
  private readonly forgotten = { keys: [] as string[], ofOrgs: new Map<string, number>() };
  private idleAt = idleEvery;
  private watermark: (OutcomeWatermark & { readonly ownerEpoch: number }) | undefined;
  private lastOffset = -1;
  private newestAt = Number.NEGATIVE_INFINITY;

  /** Reads the next record. Returns what is wrong with it if it cannot be read. */
  read(key: string, offset: number, record: IncomingRecord): string | undefined {
    const read = ledgerRecordOf(record);
    this.add(key, offset, read);
    return read.complaint;
  }

  add(key: string, offset: number, record: LedgerRecord): void {
    this.lastOffset = offset;
    const counted = this.order.take(record, () => this.writtenOf(key));
    if (!counted) return;
    const { ownerEpoch, write } = counted.by;
    if (record.watermark && !counted.isLate) this.watermark = { ...record.watermark, ownerEpoch };
    this.idle.delete(key);
    this.unreadable.delete(key);
    if (typeof counted.said === 'object') {
      const state = { ...counted.said, ownerEpoch };
      this.newestAt = Math.max(this.newestAt, instant(state.updatedAt));
      this.active.set(key, { offset, ownerEpoch, write, state });
      if (this.active.size >= this.idleAt) this.makeIdle();
      return;
    }
    this.active.delete(key);
    if (counted.said === 'unreadable') this.unreadable.set(key, counted.by);
    else this.noteTombstone(key, ownerEpoch);
  }

  /** Forgets the oldest idle alerts of the largest orgs, until all idle alerts take at most `bytes`. */
  forgetSurplus(bytes: number): void {
    const { idle, forgotten } = this;
    while (idle.bytes > bytes) {
      const surplus = idle.surplus(bytes, maxForgottenAtOnce);
      if (!surplus) return;
      const { sourceOrg, keys } = surplus;
      for (const key of keys) {
        idle.delete(key);
        if (forgotten.keys.length < maxForgottenKeys) forgotten.keys.push(key);
      }
      forgotten.ofOrgs.set(sourceOrg, (forgotten.ofOrgs.get(sourceOrg) ?? 0) + keys.length);
    }
  }

  restored(): Restored {
    this.makeIdle();
    const alerts = new Map(Array.from(this.active, ([key, { state }]) => [key, state]));
    const { idle, forgotten, newestAt } = this;
    const unreadable = new Set(this.unreadable.keys());
    return { alerts, idle, forgotten, unreadable, end: this.lastOffset + 1, newestAt };
  }

  /** Returns who wrote the last record of an alert that counted. */
  private writtenOf(key: string): Written | undefined {
    const forgotten = this.tombstones.get(key);
    const known = this.active.get(key) ?? this.idle.get(key) ?? this.unreadable.get(key);
    return known ?? (forgotten === undefined ? undefined : { ownerEpoch: forgotten });
  }

  private noteTombstone(key: string, ownerEpoch: number): void {
    this.tombstones.delete(key);
    this.tombstones.set(key, ownerEpoch);
    if (this.tombstones.size <= maxTombstones) return;
    const [oldest = key] = this.tombstones.keys();
    this.tombstones.delete(oldest);
  }

  /** Makes all alerts idle that can be; the others are checked again later. */
  private makeIdle(): void {
    const left = new Map<string, Read>();
    for (const [key, read] of this.active) {
      const state = this.isPublished(read) ? allReported(read.state) : read.state;
      if (!this.idle.keep(key, state)) left.set(key, { ...read, state });
    }
    // A new map: clearing an old one would keep its entries alive for the garbage collector.
    this.active = left;
    this.idleAt = Math.max(idleEvery, 2 * left.size);
  }

  private isPublished({ offset, ownerEpoch, write = 0 }: Read): boolean {
    if (!this.watermark) return false;
    if (ownerEpoch === this.watermark.ownerEpoch) return write <= this.watermark.write;
    return ownerEpoch < this.watermark.ownerEpoch && offset < this.watermark.before;
  }

  /** Returns the epoch of the next owner: the generation of its group, or a higher one if the group's counter was reset. */
  nextOwnerEpoch(groupGeneration: number): number {
    return Math.max(groupGeneration, this.order.newestEpoch + 1);
  }
}
