import type { Command, Connection, PageCommand } from '@pagebridge/contracts';
import type { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName } from '@pagebridge/testing';
import { aPage, aResolve } from '../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import type { PageDeliveryConfig } from './config.ts';
import { startGlobex } from './globex.fixtures.ts';
import { Bus, type Instance, startDelivery } from './page-delivery.fixtures.ts';
import { sealing } from './sealing.fixtures.ts';

const now = () => new Date().toISOString();

/** The environment of the integration tests: Kafka, a destination, instances, and a source org for each test. */
export class Stage {
  readonly bus = new Bus();
  seals!: Awaited<ReturnType<typeof sealing>>;
  globex!: SandboxOrg;
  org = '';
  /** The connection of the source org to the destination. */
  connection!: Connection;
  private readonly instances = new Set<Instance>();
  private readonly ordered = new Set<string>();

  async open(): Promise<void> {
    this.seals = await sealing();
    await this.bus.start();
  }

  async openDestination(): Promise<void> {
    this.globex = await startGlobex();
  }

  /** Creates a source org that no other test uses. */
  async openOrg(): Promise<void> {
    this.org = uniqueName('delivery');
    this.ordered.clear();
    this.connection = await this.connect(this.org);
  }

  /** Creates another connection to the destination. */
  async connect(sourceOrg: string, applicationKey = 'good-key'): Promise<Connection> {
    const connection = await this.seals.sealed({ sourceOrg, dataCenter: this.globex.dataCenter.name }, applicationKey);
    await this.bus.connect(connection);
    return connection;
  }

  async start(its: Partial<PageDeliveryConfig> = {}): Promise<Instance> {
    const instance = await startDelivery(this.bus.group, {
      DATA_CENTERS: JSON.stringify([this.globex.dataCenter]),
      CREDENTIALS_PRIVATE_KEYS: this.seals.privateKeys,
      ...its,
    });
    this.instances.add(instance);
    return instance;
  }

  async stop(instance: Instance): Promise<void> {
    this.instances.delete(instance);
    await instance.stop();
  }

  /** Stops the destination and all instances in parallel, so that none waits for a hanging call. */
  async closeDestination(): Promise<void> {
    await Promise.all([this.globex.stop(), ...[...this.instances].map((instance) => this.stop(instance))]);
  }

  close = (): Promise<void> => this.bus.stop();

  /** Returns a command of the source org over its connection. */
  page(its: Partial<PageCommand> = {}): PageCommand {
    const command = aPage({
      sourceOrg: this.org,
      connectionId: this.connection.connectionId,
      occurredAt: now(),
      ...its,
    });
    this.ordered.add(`page-id:${command.pageId}`);
    return command;
  }

  recovery = ({ sourceOrg, alertKey }: PageCommand): Command => aResolve({ sourceOrg, alertKey, occurredAt: now() });

  /** The pages in the destination from this test's commands. */
  get pages() {
    return this.globex.pages.filter(({ tags }) => tags.some((tag) => this.ordered.has(tag)));
  }
}

export const tagged = ({ tags }: { readonly tags: readonly string[] }) => tags.includes('possible-duplicate:true');

export const unwell = { kind: 'error', status: 503, body: 'empty' } as const;
/** After this answer, unlike after `unwell`, the page surely does not exist. */
export const busy = { kind: 'rate-limited', resetSeconds: 1 } as const;

/** Returns the value of the metric line with these labels; 0 if there is none. */
export async function metricOf(instance: Instance, name: string, labels = ''): Promise<number> {
  const line = new RegExp(`^${name}\\{[^}]*${labels}[^}]*\\} (\\d+)$`, 'm');
  return Number(line.exec(await instance.metrics())?.[1] ?? 0);
}
