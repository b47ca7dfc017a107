import type { Integration } from '@pagebridge/contracts';

export type Owner = Pick<Integration, 'sourceOrg' | 'name'>;

/**
 * Jobs of integrations. The next one is of the org that has used least, and within it of the integration that has used least.
 *
 * An owner that comes later joins at what the owner served last had used before: it has saved nothing, and waits for nobody's next job.
 */
export class FairQueue<Job> {
  private readonly orgs = new Map<string, Map<string, Set<Job>>>();
  /** By org, and by integration as `<org>/<name>`. */
  private readonly used = new Map<string, number>();
  /** What was served last had used before: by org of its integrations, and under the empty name of the orgs. */
  private readonly served = new Map<string, number>();

  add({ sourceOrg, name }: Owner, job: Job): void {
    const integrations = this.orgs.get(sourceOrg) ?? new Map<string, Set<Job>>();
    const jobs = integrations.get(name) ?? new Set();
    if (integrations.size === 0) this.join('', sourceOrg);
    if (jobs.size === 0) this.join(sourceOrg, `${sourceOrg}/${name}`);
    this.orgs.set(sourceOrg, integrations.set(name, jobs.add(job)));
  }

  get next(): { readonly owner: Owner; readonly job: Job } | undefined {
    const [sourceOrg, integrations] = this.least(this.orgs, '') ?? [];
    if (sourceOrg === undefined || !integrations) return undefined;
    const [name = '', [job] = []] = this.least(integrations, `${sourceOrg}/`) ?? [];
    return job === undefined ? undefined : { owner: { sourceOrg, name }, job };
  }

  delete({ sourceOrg, name }: Owner, job: Job): void {
    const integrations = this.orgs.get(sourceOrg);
    const jobs = integrations?.get(name);
    jobs?.delete(job);
    if (jobs?.size === 0) integrations?.delete(name);
    if (integrations?.size === 0) this.orgs.delete(sourceOrg);
    if (this.orgs.size > 0) return;
    this.used.clear();
    this.served.clear();
  }

  charge({ sourceOrg, name }: Owner, amount: number): void {
    for (const [level, key] of [
      ['', sourceOrg],
      [sourceOrg, `${sourceOrg}/${name}`],
    ] as const) {
      this.served.set(level, this.usedBy(key));
      this.used.set(key, this.usedBy(key) + amount);
    }
  }

  private join(level: string, key: string): void {
    this.used.set(key, Math.max(this.usedBy(key), this.served.get(level) ?? 0));
  }

  private least<Value>(map: ReadonlyMap<string, Value>, prefix: string): readonly [string, Value] | undefined {
    let least: readonly [string, Value] | undefined;
    for (const each of map) {
      if (!least || this.usedBy(prefix + each[0]) < this.usedBy(prefix + least[0])) least = each;
    }
    return least;
  }

  private usedBy(key: string): number {
    return this.used.get(key) ?? 0;
  }
}
