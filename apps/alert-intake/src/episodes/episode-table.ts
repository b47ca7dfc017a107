import type { Episode } from './episode.ts';

// Each becomes a record.
const atOnce = 1000;

/** The alerts of one org: those that fire and those that have recovered, each with the one that changed longest ago first. */
interface OfOrg {
  readonly open: Map<string, Episode>;
  readonly closed: Map<string, Episode>;
}

/**
 * What is remembered of alerts, by org and alert key, of at most `most` alerts.
 *
 * Beyond it, the org that has most forgets: first what has recovered, the oldest first.
 */
export class EpisodeTable {
  private readonly orgs = new Map<string, OfOrg>();
  private count = 0;

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
    const org = this.orgs.get(sourceOrg) ?? { open: new Map(), closed: new Map() };
    this.orgs.set(sourceOrg, org);
    org[episode.open ? 'open' : 'closed'].set(alertKey, episode);
    this.count += 1;
  }

  delete(sourceOrg: string, alertKey: string): void {
    const org = this.orgs.get(sourceOrg);
    if (!org) return;
    if (org.open.delete(alertKey) || org.closed.delete(alertKey)) this.count -= 1;
    if (sizeOf(org) === 0) this.orgs.delete(sourceOrg);
  }

  /** Removes some of what is too much, and returns it. */
  forget(): { readonly sourceOrg: string; readonly alertKey: string }[] {
    const forgotten: { sourceOrg: string; alertKey: string }[] = [];
    while (this.count > this.most && forgotten.length < atOnce) {
      const [sourceOrg, org] = this.largest();
      const [alertKey = ''] = org.closed.keys().next().value === undefined ? org.open.keys() : org.closed.keys();
      this.delete(sourceOrg, alertKey);
      forgotten.push({ sourceOrg, alertKey });
    }
    return forgotten;
  }

  private largest(): [string, OfOrg] {
    return [...this.orgs].reduce((most, each) => (sizeOf(each[1]) > sizeOf(most[1]) ? each : most));
  }
}

const sizeOf = ({ open, closed }: OfOrg): number => open.size + closed.size;
