import { join } from 'node:path';
import { cards } from '@pagebridge/contracts';
import { addAcls } from '@pagebridge/kafka';
import {
  claimFolder,
  createAllTopics,
  type Destination,
  freePorts,
  type Infrastructure,
  type KafkaPlace,
  kafkaSettings,
  type LocalProcess,
  migrate,
  Processes,
  type ProcessSpec,
  type Progress,
  type ServiceDependencies,
  type ServiceName,
  type StackFolder,
  sealingKeys,
  secureFolder,
  serviceSpec,
  startKafkaCluster,
  startMariaDb,
  startSandbox,
  startSecureCluster,
} from '@pagebridge/local-stack';
import { unlimited } from '@pagebridge/testing';
import { aclsOf } from '@pagebridge/topics';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Profile } from '../world.ts';
import { floodOrgConfig, hostileOrgConfig, orgConfigs, sourceOrgs } from '../world.ts';
import { Member } from './member.ts';
import { Polls } from './polls.ts';
import { Wire } from './wire.ts';

const producers = 'alert-producers';

/** Grants rights on the own alert topics of these source orgs. One program writes to all of them here. */
const grantOwnTopics = (place: KafkaPlace, sourceOrgs: readonly string[]): Promise<void> =>
  addAcls(
    kafkaSettings(place, 'chaos-acls', 'admin'),
    aclsOf(cards, sourceOrgs).map(({ who, ...acl }) => ({
      principal: `User:${who.startsWith(producers) ? producers : who}`,
      ...acl,
    })),
  );

const instancesOf = ({ each }: Profile): readonly (readonly [ServiceName, number])[] => [
  ['connection-management', 1],
  ['handle-sync', 1],
  ['alert-intake', each],
  ['page-routing', each],
  ['page-delivery', each],
];

// Settings that an operator could choose; they keep delays short, so that a run does not wait minutes after the last fault.
const settings: Partial<Record<ServiceName, Readonly<Record<string, string>>>> = {
  'connection-management': { ...unlimited, ALERT_TOPIC_DRAIN_SECONDS: '0' },
  // Its topics of tokens and integrations are private to this stack.
  'alert-intake': { ACCESS_TOKENS: 'on' },
  'handle-sync': { SYNC_INTERVAL_SECONDS: '20', SYNC_CONFIRM_SECONDS: '25' },
  'page-delivery': {
    CALL_TIMEOUT_MS: '3000',
    RETRY_CAP_SECONDS: '5',
    CONNECTION_GRACE_SECONDS: '8',
    ACK_POLL_SECONDS: '3',
  },
};

/** A cluster of brokers and a database, whose processes can be killed. */
type Cluster = Infrastructure & { readonly nodes: readonly LocalProcess[] };

interface ChaosStackOptions {
  readonly profile: Profile;
  /** Uses TLS, with a login and minimal rights for each program. */
  readonly isSecure: boolean;
  readonly progress: Progress;
  /** The main script of page-delivery, if it is not the built one. */
  readonly deliveryScript?: string | undefined;
}

/** Brokers, a database, destinations behind wires, and the services; each process can be killed. */
export class ChaosStack {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly #options: ChaosStackOptions;
  /** The wire that replaces each destination's paging host, by org. */
  readonly wires = new Map<string, Wire>();
  readonly polls = new Polls();
  readonly brokers: Member[] = [];
  readonly services: Member[] = [];
  mariadb: Member | undefined;
  kafka: KafkaPlace = { brokers: '' };
  destinations: readonly Destination[] = [];
  /** The destination of the hostile org, which answers badly. */
  hostileDestination: Destination | undefined;
  /** The destination of the org that floods it. */
  floodDestination: Destination | undefined;
  managementUrl = '';
  handleSyncUrl = '';
  readonly routingUrls: string[] = [];
  readonly intakeUrls: string[] = [];

  constructor(options: ChaosStackOptions) {
    this.#options = options;
    this.folder = claimFolder('chaos', { isSecure: options.isSecure });
    this.processes = new Processes(this.folder);
  }

  async start(): Promise<void> {
    const { profile, progress, isSecure } = this.#options;
    const step = progress.step.bind(progress);
    const [cluster, orgs, keys] = await Promise.all([
      isSecure ? startSecureCluster(this.folder, this.processes, progress, profile.brokers) : this.#startCluster(),
      step(`starting ${profile.destinations} destinations`, () => this.#startDestinations()),
      sealingKeys(this.folder),
    ]);
    this.kafka = cluster;
    this.brokers.push(...cluster.nodes.map((node) => this.#member(node)));
    if (cluster.mariadb) this.mariadb = this.#member(cluster.mariadb.process);
    if (isSecure) await grantOwnTopics(cluster, sourceOrgs);
    await Promise.all([
      step('creating the topics, a replica on each', () => createAllTopics(cluster, profile.brokers, sourceOrgs)),
      step('migrating the database', () => migrate(this.processes, cluster, ['connection-management'])),
    ]);
    await this.#addServices({ infrastructure: cluster, keys, dataCenters: orgs });
    await step('starting the services', () => Promise.all(this.services.map((service) => service.start())));
  }

  async #startCluster(): Promise<Cluster> {
    const { profile, progress } = this.#options;
    const [{ brokers, nodes }, { databaseUrl, process }] = await Promise.all([
      progress.step(`starting Kafka, ${profile.brokers} of them`, () =>
        startKafkaCluster(this.folder, this.processes, profile.brokers),
      ),
      progress.step('starting MariaDB', () => startMariaDb(this.folder, this.processes)),
    ]);
    return { brokers, nodes, databaseUrl, mariadb: { process } };
  }

  async #startDestinations(): Promise<DataCenter[]> {
    const orgs = await startSandbox(this.processes, [
      ...orgConfigs(this.#options.profile.destinations),
      hostileOrgConfig,
      floodOrgConfig,
    ]);
    this.hostileDestination = orgs.destinations.find(({ org }) => org === hostileOrgConfig.org);
    this.floodDestination = orgs.destinations.find(({ org }) => org === floodOrgConfig.org);
    const own = [this.hostileDestination, this.floodDestination];
    this.destinations = orgs.destinations.filter((destination) => !own.includes(destination));
    for (const { org, pagingUrl } of orgs.destinations) this.wires.set(org, await Wire.to(pagingUrl));
    const wireTo = (url: string) => [...this.wires.values()].find(({ target }) => target === url)?.url ?? url;
    return orgs.dataCenters.map((dataCenter) => ({ ...dataCenter, pagingUrl: wireTo(dataCenter.pagingUrl) }));
  }

  async #addServices(dependencies: ServiceDependencies): Promise<void> {
    for (const [name, count] of instancesOf(this.#options.profile)) {
      const [callers, management] = [await freePorts(count), await freePorts(count)];
      for (const [index, port] of callers.entries()) {
        const its = name === 'page-delivery' ? await this.#polled(dependencies, `${name}-${index + 1}`) : dependencies;
        const spec = serviceSpec(name, its, { callers: port, management: management[index] ?? 0 });
        if (name === 'connection-management') this.managementUrl = `http://127.0.0.1:${port}`;
        if (name === 'handle-sync') this.handleSyncUrl = `http://127.0.0.1:${port}`;
        if (name === 'page-routing') this.routingUrls.push(`http://127.0.0.1:${port}`);
        if (name === 'alert-intake') this.intakeUrls.push(`http://127.0.0.1:${port}`);
        this.services.push(new Member(this.processes, this.#instance(name, spec, index + 1)));
      }
    }
  }

  /** Returns what an instance needs, with API hosts behind which its polls are recorded. */
  async #polled(dependencies: ServiceDependencies, reader: string): Promise<ServiceDependencies> {
    const through = async (dataCenter: DataCenter) => {
      const org = this.allDestinations.find(({ apiUrl }) => apiUrl === dataCenter.apiUrl)?.org ?? '';
      return { ...dataCenter, apiUrl: await this.polls.through(dataCenter.apiUrl, { org, reader }) };
    };
    return { ...dependencies, dataCenters: await Promise.all(dependencies.dataCenters.map(through)) };
  }

  /** Every destination, also those of the orgs that no fault strikes. */
  get allDestinations(): Destination[] {
    return [...this.destinations, this.hostileDestination, this.floodDestination].filter((it) => it !== undefined);
  }

  get members(): Member[] {
    return [...this.brokers, ...(this.mariadb ? [this.mariadb] : []), ...this.services];
  }

  /** The folder of the partitions of each broker. */
  get brokerFolders(): string[] {
    const { path } = this.#options.isSecure ? secureFolder(this.folder) : this.folder;
    return this.brokers.map(({ name }) => join(path, 'kafka', name, 'data'));
  }

  servicesNamed = (name: ServiceName): Member[] => this.services.filter((member) => member.name.startsWith(name));

  /** Stops for good everything that the page path does not need. */
  async endManagement(): Promise<void> {
    const onPagePath = (['alert-intake', 'page-routing', 'page-delivery'] as const).flatMap(this.servicesNamed);
    const pagePath = [...this.brokers, ...onPagePath];
    const others = this.members.filter((member) => !pagePath.includes(member));
    for (const member of others) member.retire();
    await Promise.all(others.map((member) => member.kill()));
  }

  /** Kills everything; a frozen process handles no other signal than SIGKILL, and no data is kept. */
  async kill(): Promise<void> {
    for (const member of this.members) member.retire();
    await this.processes.killAll();
    for (const wire of this.wires.values()) wire.close();
    this.polls.close();
  }

  #instance(name: ServiceName, spec: ProcessSpec, index: number): ProcessSpec {
    const { deliveryScript, profile } = this.#options;
    const session = name === 'page-delivery' ? { SESSION_TIMEOUT_MS: String(profile.sessionTimeoutMs) } : {};
    const args = name === 'page-delivery' && deliveryScript ? [deliveryScript] : spec.args;
    return { ...spec, args, name: `${name}-${index}`, env: { ...spec.env, ...settings[name], ...session } };
  }

  #member = (running: LocalProcess): Member => new Member(this.processes, running.spec, running);
}
