import type { AlertState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';
import { rested, woken } from './resting.ts';

/** Keys of an org that holds more than its share, to be forgotten. */
export interface Surplus {
  readonly sourceOrg: string;
  readonly keys: readonly string[];
}

// The key, the entries of the maps and the headers of the strings; measured.
const overheadBytes = 150;
const bytesOf = (key: string, text: string): number => key.length + text.length + overheadBytes;

/**
 * The alerts of a partition for which nothing is to be done: kept as text, by source org.
 *
 * A text is a single thing for the garbage collector to keep, where a state is thirty.
 */
export class RestingAlerts {
  /** Oldest first, by when they came to rest. */
  private readonly ended = new Map<string, string>();
  private readonly open = new Map<string, string>();
  private readonly bytesOfOrgs = new Map<string, number>();
  private sum = 0;

  get size(): number {
    return this.ended.size + this.open.size;
  }

  /** What they take in memory, roughly. */
  get bytes(): number {
    return this.sum;
  }

  /** Of an alert that is not among them. */
  keep(key: string, state: AlertState): void {
    const text = rested(state);
    (state.pages.every(isEnded) ? this.ended : this.open).set(key, text);
    this.weigh(key, bytesOf(key, text));
  }

  get(key: string): AlertState | undefined {
    const text = this.textOf(key);
    return text === undefined ? undefined : woken(key, text);
  }

  delete(key: string): void {
    const text = this.textOf(key);
    if (text === undefined) return;
    if (!this.ended.delete(key)) this.open.delete(key);
    this.weigh(key, -bytesOf(key, text));
  }

  /** Those there are now: what comes to rest meanwhile is for the next walk. */
  *all(): Generator<[string, AlertState]> {
    for (const key of [...this.ended.keys(), ...this.open.keys()]) {
      const state = this.get(key);
      if (state) yield [key, state];
    }
  }

  /**
   * What is to be forgotten so that the others take no more than `bytes`: of the org that holds most the oldest that have
   * ended, then its oldest open ones; at most `most` alerts at once. Who holds no more than an even share loses nothing.
   */
  surplus(bytes: number, most: number): Surplus | undefined {
    const [sourceOrg, held] = [...this.bytesOfOrgs].reduce((one, other) => (other[1] > one[1] ? other : one), none);
    let excess = Math.min(this.sum - bytes, held - bytes / this.bytesOfOrgs.size);
    const keys: string[] = [];
    for (const alerts of [this.ended, this.open]) {
      for (const [key, text] of alerts) {
        if (excess <= 0 || keys.length >= most) break;
        if (orgOf(key) !== sourceOrg) continue;
        keys.push(key);
        excess -= bytesOf(key, text);
      }
    }
    return keys.length === 0 ? undefined : { sourceOrg, keys };
  }

  private textOf(key: string): string | undefined {
    return this.ended.get(key) ?? this.open.get(key);
  }

  private weigh(key: string, bytes: number): void {
    const org = orgOf(key);
    const left = (this.bytesOfOrgs.get(org) ?? 0) + bytes;
    if (left > 0) this.bytesOfOrgs.set(org, left);
    else this.bytesOfOrgs.delete(org);
    this.sum += bytes;
  }
}

const none: [string, number] = ['', 0];
const orgOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf('/')));
