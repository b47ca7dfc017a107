import type { Command, Connection, PageCommand } from '@pagebridge/contracts';
import type { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName } from '@pagebridge/testing';
import type { PageDeliveryConfig } from './config.ts';
import { aPage, aResolve } from './domain/commands/commands.features.ts';
import { startGlobex } from './globex.features.ts';
import { Bus, type Instance, startDelivery } from './page-delivery.features.ts';
import { sealing } from './sealing.features.ts';

const now = () => new Date().toISOString();

/** What the specs of the whole service stand on: a Kafka, a destination, instances, and for each test a source org. */
export class Stage {
  readonly bus = new Bus();
  seals!: Awaited<ReturnType<typeof sealing>>;
  globex!: SandboxOrg;
  org = '';
  /** Of the source org, to the destination. */
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

  /** A source org that nobody else uses. */
  async openOrg(): Promise<void> {
    this.org = uniqueName('delivery');
    this.ordered.clear();
    this.connection = await this.connect(this.org);
  }

  /** One more connection to the destination. */
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

  /** Ends the destination and all instances: together, so that none waits for a call that hangs. */
  async closeDestination(): Promise<void> {
    await Promise.all([this.globex.stop(), ...[...this.instances].map((instance) => this.stop(instance))]);
  }

  close = (): Promise<void> => this.bus.stop();

  /** A command of the source org over its connection. */
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

  /** What the destination has of the test's commands. */
  get pages() {
    return this.globex.pages.filter(({ tags }) => tags.some((tag) => this.ordered.has(tag)));
  }
}

export const tagged = ({ tags }: { readonly tags: readonly string[] }) => tags.includes('possible-duplicate:true');

export const soon = { withinMs: 20_000 };

export const unwell = { kind: 'error', status: 503, body: 'empty' } as const;
export const unwellForNow = { ...unwell, headers: { 'retry-after': '1' } };

/** The value of a metric of which the instance shows one line with these labels. */
export async function metricOf(instance: Instance, name: string, labels = ''): Promise<number> {
  const line = new RegExp(`^${name}\\{[^}]*${labels}[^}]*\\} (\\d+)$`, 'm');
  return Number(line.exec(await instance.metrics())?.[1] ?? 0);
}
