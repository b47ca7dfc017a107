import {
  claimFolder,
  createAllTopics,
  type Destination,
  freePorts,
  type LocalProcess,
  migrate,
  Processes,
  type ProcessSpec,
  type Progress,
  type ServiceName,
  type StackFolder,
  sealingKeys,
  serviceSpec,
  startKafkaCluster,
  startMariaDb,
  startSandbox,
} from '@pagebridge/local-stack';
import { Member } from './member.ts';
import { orgWishes } from './world.ts';

const instances: readonly (readonly [ServiceName, number])[] = [
  ['connection-management', 1],
  ['handle-sync', 1],
  ['page-routing', 2],
  ['page-delivery', 2],
];

// Configuration as an operator could choose it, so that what waits does not wait for minutes after the last fault.
const settings: Partial<Record<ServiceName, Readonly<Record<string, string>>>> = {
  'handle-sync': { SYNC_INTERVAL_SECONDS: '20' },
  'page-delivery': {
    CALL_TIMEOUT_MS: '3000',
    RETRY_CAP_SECONDS: '5',
    CREDENTIAL_PROBE_SECONDS: '5',
  },
};

/** Three brokers, a database, twenty destinations and two of each service of the page path, each one killable. */
export class ChaosStack {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly #progress: Progress;
  /** Main script of page-delivery, where it is not the built one. */
  readonly #deliveryScript: string | undefined;
  readonly brokers: Member[] = [];
  readonly services: Member[] = [];
  mariadb: Member | undefined;
  bootstrap = '';
  destinations: readonly Destination[] = [];
  managementUrl = '';
  handleSyncUrl = '';

  constructor(progress: Progress, deliveryScript?: string) {
    this.#progress = progress;
    this.#deliveryScript = deliveryScript;
    this.folder = claimFolder('chaos');
    this.processes = new Processes(this.folder);
  }

  async start(): Promise<void> {
    const step = this.#progress.step.bind(this.#progress);
    const [cluster, mariadb, orgs, keys] = await Promise.all([
      step('starting three brokers', () => startKafkaCluster(this.folder, this.processes)),
      step('starting MariaDB', () => startMariaDb(this.folder, this.processes)),
      step('starting twenty destinations', () => startSandbox(this.processes, orgWishes)),
      sealingKeys(this.folder),
    ]);
    this.bootstrap = cluster.brokers;
    this.destinations = orgs.destinations;
    this.brokers.push(...cluster.nodes.map((node) => this.#member(node)));
    this.mariadb = this.#member(mariadb.process);
    await Promise.all([
      step('creating the topics, three replicas each', () => createAllTopics(cluster.brokers, 3)),
      step('migrating the database', () => migrate(this.processes, mariadb.databaseUrl)),
    ]);
    const infrastructure = { brokers: cluster.brokers, databaseUrl: mariadb.databaseUrl };
    for (const [name, count] of instances) {
      for (const [index, port] of (await freePorts(count)).entries()) {
        const ports = {
          'connection-management': port,
          'handle-sync': port,
          'page-routing': port,
          'page-delivery': port,
        };
        const spec = serviceSpec(name, { infrastructure, keys, dataCenters: orgs.dataCenters, ports });
        if (name === 'connection-management') this.managementUrl = `http://127.0.0.1:${port}`;
        if (name === 'handle-sync') this.handleSyncUrl = `http://127.0.0.1:${port}`;
        this.services.push(new Member(this.processes, this.#instance(name, spec, index + 1)));
      }
    }
    await step('starting the services', () => Promise.all(this.services.map((service) => service.start())));
  }

  get members(): Member[] {
    return [...this.brokers, ...(this.mariadb ? [this.mariadb] : []), ...this.services];
  }

  servicesNamed = (name: ServiceName): Member[] => this.services.filter((member) => member.name.startsWith(name));

  async stop(): Promise<void> {
    for (const member of this.members) member.retire();
    for (const broker of this.brokers) broker.signal('SIGCONT');
    await this.processes.stopAll();
  }

  kill(): void {
    for (const member of this.members) member.retire();
    this.processes.killAll();
  }

  #instance(name: ServiceName, spec: ProcessSpec, index: number): ProcessSpec {
    const args = name === 'page-delivery' && this.#deliveryScript ? [this.#deliveryScript] : spec.args;
    return { ...spec, args, name: `${name}-${index}`, env: { ...spec.env, ...settings[name] } };
  }

  #member = (running: LocalProcess): Member => new Member(this.processes, running.spec, running);
}
