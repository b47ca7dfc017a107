import type { Destination } from './destination.ts';
import type { OrgConfig } from './domain/org-config.ts';
import type { ControlledOrgs } from './inbound/control/control-app.ts';
import { ControlRefusal } from './inbound/control/control-refusal.ts';
import { orgIn } from './org-input.ts';

/** The running orgs of one sandbox, by name. */
export class Orgs implements ControlledOrgs {
  readonly #open: (config: OrgConfig) => Promise<Destination>;
  readonly #running = new Map<string, Destination>();
  readonly #starting = new Set<string>();

  constructor(open: (config: OrgConfig) => Promise<Destination>) {
    this.#open = open;
  }

  all(): readonly Destination[] {
    return [...this.#running.values()];
  }

  find(name: string): Destination | undefined {
    return this.#running.get(name);
  }

  wish(wish: unknown): Promise<Destination> {
    return this.start(orgIn(wish, 'body'));
  }

  async start(config: OrgConfig): Promise<Destination> {
    const { org } = config;
    if (this.#running.has(org) || this.#starting.has(org))
      throw new ControlRefusal(409, `There is an org ${org} here.`);
    this.#starting.add(org);
    try {
      const started = await this.#open(config);
      this.#running.set(org, started);
      return started;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      throw isTaken ? new ControlRefusal(409, (error as Error).message) : error;
    } finally {
      this.#starting.delete(org);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map((destination) => destination.stop()));
  }
}
