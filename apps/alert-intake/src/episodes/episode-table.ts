import { alertIdentity } from '@pagebridge/vocabulary';
import type { Episode } from './episode.ts';

/** The keys that are kept until the topic forgets them too; of more, a later start reads them and forgets them again. */
const maxForgotten = 10_000;

/** Alerts in the order of their changes. Each new iterator of a map passes all that was deleted before, so one is kept. */
class Alerts extends Map<string, Episode> {
  private order = this.keys();

  /** Returns the key that changed longest ago, which the caller deletes. */
  oldest(): string | undefined {
    const { done, value } = this.order.next();
    if (!done) return value;
    this.order = this.keys();
    return this.order.next().value;
  }
}

/** The alerts of one org: those that fire and those that have recovered. */
class OfOrg {
  readonly open = new Alerts();
  readonly closed = new Alerts();

  constructor(readonly sourceOrg: string) {}

  get size(): number {
    return this.open.size + this.closed.size;
  }
}

/**
 * What is remembered of alerts, by org and alert key, of at most `most` alerts.
 *
 * If there is one more, the org that has most forgets one: first what has recovered, the oldest first.
 */
export class EpisodeTable {
  private readonly orgs = new Map<string, OfOrg>();
  /** The orgs that have as many alerts, by that number: a change moves an org to a neighbour, so the largest is known at once. */
  private readonly bySize = new Map<number, Set<OfOrg>>();
  private largest = 0;
  private count = 0;
  private readonly forgotten = new Set<string>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.count;
  }

  get(sourceOrg: string, alertKey: string): Episode | undefined {
    const org = this.orgs.get(sourceOrg);
    return org?.open.get(alertKey) ?? org?.closed.get(alertKey);
  }

  set(sourceOrg: string, alertKey: string, episode: Episode): void {
    this.delete(sourceOrg, alertKey);
    const org = this.orgs.get(sourceOrg) ?? new OfOrg(sourceOrg);
    this.orgs.set(sourceOrg, org);
    this.resize(org, () => org[episode.open ? 'open' : 'closed'].set(alertKey, episode));
    this.count += 1;
    if (this.count > this.most) this.forgetOne();
  }

  /** Says that the topic has an alert that it was to forget, or that it has forgotten it. */
  settle(sourceOrg: string, alertKey: string): void {
    this.forgotten.delete(alertIdentity(sourceOrg, alertKey));
  }

  delete(sourceOrg: string, alertKey: string): void {
    this.settle(sourceOrg, alertKey);
    const org = this.orgs.get(sourceOrg);
    if (!org?.open.has(alertKey) && !org?.closed.has(alertKey)) return;
    this.resize(org, () => org.open.delete(alertKey) || org.closed.delete(alertKey));
    this.count -= 1;
    if (org.size === 0) this.orgs.delete(sourceOrg);
  }

  /** Returns up to `many` keys that were forgotten and are still in the topic. */
  takeForgotten(many: number): readonly string[] {
    const keys = [...this.forgotten.values().take(many)];
    for (const key of keys) this.forgotten.delete(key);
    return keys;
  }

  private forgetOne(): void {
    const [org] = this.bySize.get(this.largest) ?? [];
    if (!org) return;
    const alertKey = org.closed.oldest() ?? org.open.oldest() ?? '';
    this.delete(org.sourceOrg, alertKey);
    if (this.forgotten.size < maxForgotten) this.forgotten.add(alertIdentity(org.sourceOrg, alertKey));
  }

  private resize(org: OfOrg, change: () => void): void {
    const before = this.bySize.get(org.size);
    before?.delete(org);
    if (before?.size === 0) this.bySize.delete(org.size);
    change();
    if (org.size > 0) {
      const alike = this.bySize.get(org.size) ?? new Set();
      this.bySize.set(org.size, alike.add(org));
    }
    if (org.size > this.largest || !this.bySize.has(this.largest)) this.largest = org.size;
  }
}
