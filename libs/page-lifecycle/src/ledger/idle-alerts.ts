import type { AlertState } from '@pagebridge/contracts';
import { isBusy, isEnded } from '../page.ts';
import { isIdle } from '../retention.ts';
import { textBytes } from './heap-bytes.ts';
import { fromIdleText, toIdleText } from './idle-text.ts';

interface OfOrg {
  /** Texts by key, in the order in which the alerts became idle. */
  readonly ended: Map<string, string>;
  readonly open: Map<string, string>;
  readonly waiting: Map<string, string>;
  /** The memory of the alerts that no page waits for. */
  bytes: number;
}

/** The keys to forget of an org that holds more than its share. */
export interface Surplus {
  readonly sourceOrg: string;
  readonly keys: readonly string[];
}

// The map entries and the string headers of an alert, and what finds an open page by its id in the destination; measured.
const overheadBytes = { ended: 150, open: 250 };
const bytesOf = (key: string, text: string, kind: keyof typeof overheadBytes): number =>
  textBytes(key) + textBytes(text) + overheadBytes[kind];

/**
 * The idle alerts of a partition, as text, by source org: those without waiting pages, and those that only wait.
 *
 * A text is one object for the garbage collector, a state about thirty.
 */
export class IdleAlerts {
  private readonly orgs = new Map<string, OfOrg>();
  private count = 0;
  private sum = 0;
  private latest: { readonly key: string; readonly text: string; readonly state: AlertState } | undefined;

  get size(): number {
    return this.count;
  }

  /** The memory of the alerts without waiting pages, estimated. */
  get bytes(): number {
    return this.sum;
  }

  /** Adds an alert, which must not be among these alerts yet. Returns false if it is not idle. */
  keep(key: string, state: AlertState): boolean {
    if (!isIdle(state)) return false;
    const text = toIdleText(state);
    const org = this.org(orgOf(key));
    this.count += 1;
    if (state.pages.some(isBusy)) org.waiting.set(key, text);
    else {
      const kind = state.pages.every(isEnded) ? 'ended' : 'open';
      org[kind].set(key, text);
      this.addBytes(org, bytesOf(key, text, kind));
    }
    return true;
  }

  get(key: string): AlertState | undefined {
    const text = textIn(this.orgs.get(orgOf(key)), key);
    if (text === undefined) return undefined;
    // The steps of one attempt each read the alert.
    if (this.latest?.key !== key || this.latest.text !== text)
      this.latest = { key, text, state: fromIdleText(key, text) };
    return this.latest.state;
  }

  /** Returns a copy of the present keys of an org. */
  keysOf(sourceOrg: string): string[] {
    const org = this.orgs.get(sourceOrg);
    return org ? [...org.ended.keys(), ...org.open.keys(), ...org.waiting.keys()] : [];
  }

  /** Returns whether the stored alert contains a text, without parsing the alert. */
  mentions(key: string, text: string): boolean {
    return textIn(this.orgs.get(orgOf(key)), key)?.includes(text) ?? false;
  }

  delete(key: string): void {
    const name = orgOf(key);
    const org = this.orgs.get(name);
    const text = textIn(org, key);
    if (!org || text === undefined) return;
    this.count -= 1;
    if (!org.waiting.delete(key)) {
      const kind = org.ended.delete(key) ? 'ended' : 'open';
      org.open.delete(key);
      this.addBytes(org, -bytesOf(key, text, kind));
    }
    if (org.ended.size + org.open.size + org.waiting.size === 0) this.orgs.delete(name);
  }

  /** Yields all alerts. Alerts that become idle in an org after its turn are left to the next iteration. */
  *all(): Generator<[string, AlertState]> {
    for (const name of this.orgs.keys()) yield* this.each(this.keysOf(name));
  }

  /** Yields the alerts of which a page waits. */
  *waiting(): Generator<[string, AlertState]> {
    for (const { waiting } of this.orgs.values()) yield* this.each([...waiting.keys()]);
  }

  /** Yields the alerts with a page that has not ended. */
  *open(): Generator<[string, AlertState]> {
    for (const { open, waiting } of this.orgs.values()) yield* this.each([...open.keys(), ...waiting.keys()]);
  }

  private *each(keys: readonly string[]): Generator<[string, AlertState]> {
    for (const key of keys) {
      const state = this.get(key);
      if (state) yield [key, state];
    }
  }

  /**
   * Returns what to forget so that the rest takes at most `bytes`: the oldest ended alerts of the largest org, then its
   * oldest open ones, at most `most` keys at once. An org within an even share loses nothing, nor does a waiting page.
   */
  surplus(bytes: number, most: number): Surplus | undefined {
    const [sourceOrg, org] = [...this.orgs].reduce((one, other) => (other[1].bytes > one[1].bytes ? other : one), none);
    let excess = Math.min(this.sum - bytes, org.bytes - bytes / this.orgs.size);
    const keys: string[] = [];
    for (const kind of ['ended', 'open'] as const) {
      for (const [key, text] of org[kind]) {
        if (excess <= 0 || keys.length >= most) break;
        keys.push(key);
        excess -= bytesOf(key, text, kind);
      }
    }
    return keys.length === 0 ? undefined : { sourceOrg, keys };
  }

  private org(name: string): OfOrg {
    const known = this.orgs.get(name);
    if (known) return known;
    const org = newOrg();
    this.orgs.set(name, org);
    return org;
  }

  private addBytes(org: OfOrg, bytes: number): void {
    this.sum += bytes;
    org.bytes += bytes;
  }
}

const newOrg = (): OfOrg => ({ ended: new Map(), open: new Map(), waiting: new Map(), bytes: 0 });
const none: [string, OfOrg] = ['', newOrg()];
const textIn = (org: OfOrg | undefined, key: string): string | undefined =>
  org?.ended.get(key) ?? org?.open.get(key) ?? org?.waiting.get(key);
const orgOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf('/')));
