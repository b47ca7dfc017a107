import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LocalAccess, startOpenIdProvider } from '../access/openid-provider.ts';
import { localFolder, markCameUp, type StackFolder, secureFolder } from '../folder.ts';
import {
  claimFolder,
  type Given,
  givenByEnvironment,
  type Infrastructure,
  startInfrastructure,
} from '../infrastructure/infrastructure.ts';
import { freePorts } from '../processes/ports.ts';
import { type LocalProcess, type Prepare, Processes } from '../processes/processes.ts';
import type { Progress } from '../progress.ts';
import { writeLoginFiles } from '../secure/login-files.ts';
import { startSecureInfrastructure } from '../secure/secure-infrastructure.ts';
import { type SandboxOrgs, startSandbox, twoOrgs } from './destinations.ts';
import { withKeptKeys } from './sandbox-keys.ts';
import { sealingKeys } from './sealing-keys.ts';
import { migrate, type ServiceName, type ServiceSurroundings, serviceNames, serviceSpec } from './services.ts';
import { type StackInfo, serviceUrls } from './stack-info.ts';
import { portsOf, type StackPorts, stackPorts, takenPorts } from './stack-ports.ts';
import { createAllTopics } from './topics.ts';

export interface StackOptions {
  /** Names the stack's folder under `.local`; one process runs one stack of a name. */
  readonly name: string;
  readonly progress: Progress;
  /** Where to write what tools need to know, `.local/<name>/stack.json` by default. */
  readonly infoFile?: string;
  /** What to use instead of a private broker and database; by default what KAFKA_BROKERS and DATABASE_URL name. */
  readonly given?: Given;
  /** Variables of a service beside those that every stack sets. */
  readonly env?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  /** Goes on with the data of the run before, where there is any. */
  readonly keepsData?: boolean;
  /** TLS, a login and few rights for whoever speaks to the broker or the database, which are private ones. */
  readonly secure?: boolean;
  /** How its processes are run otherwise than from here. */
  readonly prepare?: Prepare;
  /** Listens where documents say, as far as nobody else does. */
  readonly usualPorts?: boolean;
  /** Where the services were built; by default here. */
  readonly checkout?: string;
  /** Awaited once the topics are there, before the database is migrated and a service starts: for data of a run before. */
  readonly furnish?: (infrastructure: Infrastructure) => Promise<void>;
}

/** All of Pagebridge on one machine: broker, database, two destination orgs, an OpenID provider, and each service as a process of its own. */
export class Stack {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly #options: StackOptions;
  readonly #infoFile: string;
  readonly #services = new Map<ServiceName, LocalProcess>();
  #surroundings: (ServiceSurroundings & { readonly ports: StackPorts }) | undefined;
  #others = 0;

  constructor(options: StackOptions) {
    this.#options = options;
    const { name, keepsData = false, secure: isSecure = false } = options;
    this.folder = claimFolder(name, { keepsData, isSecure });
    this.processes = new Processes(this.folder, options.prepare);
    this.#infoFile = options.infoFile ?? join(localFolder, options.name, 'stack.json');
  }

  /** Starts everything in the order in which it needs each other; resolves once every service is ready. */
  async start(): Promise<StackInfo> {
    const { progress, secure = false, usualPorts = false, checkout, furnish } = this.#options;
    const given = secure ? {} : (this.#options.given ?? givenByEnvironment());
    const ports = await stackPorts(usualPorts);
    if (usualPorts) for (const line of takenPorts(ports, given)) progress.say(line);
    const wishes = twoOrgs.map((wish) => withKeptKeys(this.folder, wish));
    const [infrastructure, orgs, access, keys] = await Promise.all([
      secure
        ? startSecureInfrastructure(this.folder, this.processes, progress, ports.kafka)
        : startInfrastructure(this.folder, this.processes, progress, given, ports.kafka),
      progress.step('starting two destination orgs', () =>
        startSandbox(this.processes, wishes, ports['oncall-sandbox']),
      ),
      progress.step('starting an OpenID provider', () =>
        startOpenIdProvider(this.folder, this.processes, ports['openid-provider']),
      ),
      sealingKeys(this.folder),
    ]);
    const topics = progress.step(`creating missing topics on ${infrastructure.brokers}`, () =>
      createAllTopics(infrastructure),
    );
    if (furnish) await topics.then(() => progress.step('loading data of a run before', () => furnish(infrastructure)));
    const migrated = progress.step('migrating the database', () => migrate(this.processes, infrastructure, checkout));
    await Promise.all([topics, migrated]);
    const { policyFile } = access;
    this.#surroundings = { infrastructure, keys, policyFile, dataCenters: orgs.dataCenters, ports, checkout };
    await progress.step('starting the four services', () =>
      Promise.all(serviceNames.map((name) => this.startService(name))),
    );
    markCameUp(secure ? secureFolder(this.folder) : this.folder);
    return this.#writeInfo(infrastructure, orgs, access, ports);
  }

  /** Starts a service, also again after it was stopped or killed: same ports, same surroundings. */
  async startService(name: ServiceName): Promise<LocalProcess> {
    if (!this.#surroundings) throw new Error(`${name} has no stack to run in yet`);
    const spec = serviceSpec(name, this.#surroundings, portsOf(name, this.#surroundings.ports));
    const env = { ...spec.env, ...this.#options.env?.[name] };
    const service = await this.processes.start({ ...spec, env });
    this.#services.set(name, service);
    return service;
  }

  /** Starts one more instance of a service, which shares its work with those that run; perhaps one that was built elsewhere. */
  async startAnother(
    name: ServiceName,
    its: Readonly<Record<string, string>> = {},
    checkout?: string,
  ): Promise<LocalProcess> {
    if (!this.#surroundings) throw new Error(`${name} has no stack to run in yet`);
    const [callers = 0, management = 0] = await freePorts(2);
    const surroundings = checkout === undefined ? this.#surroundings : { ...this.#surroundings, checkout };
    const spec = serviceSpec(name, surroundings, { callers, management });
    this.#others += 1;
    const env = { ...spec.env, ...this.#options.env?.[name], ...its };
    return this.processes.start({ ...spec, name: `${name}-other-${this.#others}`, env });
  }

  service(name: ServiceName): LocalProcess {
    const service = this.#services.get(name);
    if (!service) throw new Error(`${name} does not run`);
    return service;
  }

  /** Ends everything in order. Resolves once nothing is left. */
  async stop(): Promise<void> {
    rmSync(this.#infoFile, { force: true });
    await this.processes.stopAll();
  }

  /** Ends everything at once. Resolves once nothing is left. */
  async kill(): Promise<void> {
    rmSync(this.#infoFile, { force: true });
    await this.processes.killAll();
  }

  #writeInfo(
    infrastructure: Infrastructure,
    { destinations }: SandboxOrgs,
    { info: access }: LocalAccess,
    ports: StackPorts,
  ): StackInfo {
    const { brokers, databaseUrl, logins } = infrastructure;
    writeLoginFiles(secureFolder(this.folder), infrastructure);
    const secure = logins ? { logins } : {};
    const info: StackInfo = { brokers, ...secure, databaseUrl, ...serviceUrls(ports), destinations, access };
    mkdirSync(dirname(this.#infoFile), { recursive: true });
    // It holds the sandbox's keys, the clients' secrets and the private database's password, nobody else's business on a shared machine.
    writeFileSync(this.#infoFile, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
    return info;
  }
}
