import type { Integration } from '@pagebridge/contracts';

export type Owner = Pick<Integration, 'sourceOrg' | 'name'>;

/**
 * Jobs of integrations. The next one is of the org that has used least, and within it of the integration that has used least.
 *
 * What was used counts as long as anybody waits: an owner that comes later has saved nothing.
 */
export class FairQueue<Job> {
  private readonly orgs = new Map<string, Map<string, Set<Job>>>();
  private readonly used = new Map<string, number>();

  add({ sourceOrg, name }: Owner, job: Job): void {
    const integrations = this.join(this.orgs, sourceOrg, orgKey, () => new Map<string, Set<Job>>());
    this.join(integrations, name, keyIn(sourceOrg), () => new Set<Job>()).add(job);
  }

  get next(): { readonly owner: Owner; readonly job: Job } | undefined {
    const sourceOrg = this.least(this.orgs, orgKey);
    const integrations = sourceOrg === undefined ? undefined : this.orgs.get(sourceOrg);
    if (sourceOrg === undefined || !integrations) return undefined;
    const name = this.least(integrations, keyIn(sourceOrg)) ?? '';
    const [job] = integrations.get(name) ?? [];
    return job === undefined ? undefined : { owner: { sourceOrg, name }, job };
  }

  delete({ sourceOrg, name }: Owner, job: Job): void {
    const integrations = this.orgs.get(sourceOrg);
    const jobs = integrations?.get(name);
    jobs?.delete(job);
    if (jobs?.size === 0) integrations?.delete(name);
    if (integrations?.size === 0) this.orgs.delete(sourceOrg);
    if (this.orgs.size === 0) this.used.clear();
  }

  charge({ sourceOrg, name }: Owner, amount: number): void {
    for (const key of [orgKey(sourceOrg), keyIn(sourceOrg)(name)]) this.used.set(key, this.usedBy(key) + amount);
  }

  /** Returns what a name has in a map; a name that comes new has used as much as the one that has used least. */
  private join<Value>(map: Map<string, Value>, name: string, key: (name: string) => string, make: () => Value): Value {
    const known = map.get(name);
    if (known !== undefined) return known;
    const least = this.least(map, key);
    if (least !== undefined) this.used.set(key(name), Math.max(this.usedBy(key(name)), this.usedBy(key(least))));
    const made = make();
    map.set(name, made);
    return made;
  }

  private least(map: ReadonlyMap<string, unknown>, key: (name: string) => string): string | undefined {
    let least: string | undefined;
    for (const name of map.keys()) {
      if (least === undefined || this.usedBy(key(name)) < this.usedBy(key(least))) least = name;
    }
    return least;
  }

  private readonly usedBy = (key: string): number => this.used.get(key) ?? 0;
}

const orgKey = (sourceOrg: string): string => sourceOrg;
const keyIn =
  (sourceOrg: string) =>
  (name: string): string =>
    `${sourceOrg}/${name}`;
