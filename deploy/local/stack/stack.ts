import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consoleSpec } from '../access/console-spec.ts';
import { intakeInfo } from '../access/integrations.ts';
import { type LocalAccess, startOpenIdProvider } from '../access/openid-provider.ts';
import { secretKeysFile } from '../access/secret-keys.ts';
import { envFileOf, localFolder, markCameUp, type StackFolder, secureFolder } from '../folder.ts';
import {
  claimFolder,
  type Given,
  givenInEnvironment,
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
import {
  migrate,
  type ServiceDependencies,
  type ServiceName,
  serviceNames,
  serviceSpec,
  takesTokens,
} from './services.ts';
import { stackEnv } from './stack-env.ts';
import { type IntakeInfo, type StackInfo, serviceUrls } from './stack-info.ts';
import { portsOf, type StackPorts, stackPorts, takenPorts } from './stack-ports.ts';
import { createAllTopics } from './topics.ts';

export interface StackOptions {
  /** Names the stack's folder under `.local`; one process runs one stack of a name. */
  readonly name: string;
  readonly progress: Progress;
  /** The file with the information for tools; default `.local/<name>/stack.json`. */
  readonly infoFile?: string;
  /** An existing broker and database instead of private ones; default those of KAFKA_BROKERS and DATABASE_URL. */
  readonly given?: Given;
  /** Further variables of a service. */
  readonly env?: Partial<Record<ServiceName | 'console-gateway', Readonly<Record<string, string>>>>;
  /** Continues with the data of the previous run, if there is any. */
  readonly keepsData?: boolean;
  /** Uses a private broker and database with TLS, logins and minimal rights. */
  readonly secure?: boolean;
  /** Changes how the processes are run. */
  readonly prepare?: Prepare;
  /** Listens on the documented ports if they are free. */
  readonly usualPorts?: boolean;
  /** The folder of the build of the services; default: this checkout. The console is always that of this checkout. */
  readonly checkout?: string;
  /** Whether the console runs too; it does by default. */
  readonly console?: boolean;
  /** Awaited after the topics are created, before the migration and the services: adds data of an earlier run. */
  readonly seed?: (infrastructure: Infrastructure) => Promise<void>;
}

/** All of Pagebridge on one machine: broker, database, two destination orgs, an OpenID provider, a process for each service, and the console. */
export class Stack {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly #options: StackOptions;
  readonly #infoFile: string;
  readonly #services = new Map<ServiceName, LocalProcess>();
  #dependencies: (ServiceDependencies & { readonly ports: StackPorts }) | undefined;
  #others = 0;

  constructor(options: StackOptions) {
    this.#options = options;
    const { name, keepsData = false, secure: isSecure = false } = options;
    this.folder = claimFolder(name, { keepsData, isSecure });
    this.processes = new Processes(this.folder, options.prepare);
    this.#infoFile = options.infoFile ?? join(localFolder, options.name, 'stack.json');
  }

  /** Starts everything in order of dependency; resolves once every service is ready. */
  async start(): Promise<StackInfo> {
    const { progress, secure = false, usualPorts = false, checkout, seed, console: hasConsole = true } = this.#options;
    const given = secure ? {} : (this.#options.given ?? givenInEnvironment());
    const ports = await stackPorts(usualPorts);
    if (usualPorts) for (const line of takenPorts(ports, given)) progress.say(line);
    const urls = serviceUrls(ports);
    const orgConfigs = twoOrgs.map((org) => withKeptKeys(this.folder, org));
    const [infrastructure, orgs, access, keys] = await Promise.all([
      secure
        ? startSecureInfrastructure(this.folder, this.processes, progress, ports.kafka)
        : startInfrastructure(this.folder, this.processes, progress, given, ports.kafka),
      progress.step('starting two destination orgs', () =>
        startSandbox(this.processes, orgConfigs, ports['oncall-sandbox']),
      ),
      progress.step('starting an OpenID provider', () =>
        startOpenIdProvider(this.folder, this.processes, {
          port: ports['openid-provider'],
          consoleUrl: urls.services.console,
        }),
      ),
      sealingKeys(this.folder),
    ]);
    const topics = progress.step(`creating missing topics on ${infrastructure.brokers}`, () =>
      createAllTopics(infrastructure),
    );
    if (seed) await topics.then(() => progress.step('loading data of the previous run', () => seed(infrastructure)));
    // Another build may be one without alert-intake and page-history.
    const isOwnBuild = checkout === undefined;
    const migrated = progress.step('migrating the databases', () =>
      migrate(this.processes, infrastructure, isOwnBuild ? undefined : ['connection-management'], checkout),
    );
    await Promise.all([topics, migrated]);
    const { policyFile } = access;
    const snapshots = { url: urls.services.pageHistory, keysFile: secretKeysFile(this.folder, 'snapshot-keys') };
    const { dataCenters } = orgs;
    const dependencies = { infrastructure, keys, policyFile, dataCenters, snapshots, ports, checkout };
    this.#dependencies = dependencies;
    const hasIntake = takesTokens(dependencies) && isOwnBuild;
    const isRun = { 'alert-intake': hasIntake, 'page-history': isOwnBuild } as Partial<Record<ServiceName, boolean>>;
    const consoles = hasConsole ? [consoleSpec(this.folder, access.info.issuer, urls)] : [];
    await progress.step('starting the services', () =>
      Promise.all([
        ...serviceNames.filter((name) => isRun[name] ?? true).map((name) => this.startService(name)),
        ...consoles.map((spec) => {
          return this.processes.start({ ...spec, env: { ...spec.env, ...this.#options.env?.['console-gateway'] } });
        }),
      ]),
    );
    markCameUp(secure ? secureFolder(this.folder) : this.folder);
    const intake = hasIntake ? await intakeInfo({ ...urls, access: access.info }, this.folder) : undefined;
    return this.#writeInfo(infrastructure, orgs, access, urls, intake);
  }

  /** Starts a service, also after it was stopped or killed, with the same ports and settings. */
  async startService(name: ServiceName): Promise<LocalProcess> {
    if (!this.#dependencies) throw new Error(`${name} has no stack to run in yet`);
    const spec = serviceSpec(name, this.#dependencies, portsOf(name, this.#dependencies.ports));
    const env = { ...spec.env, ...this.#options.env?.[name] };
    const service = await this.processes.start({ ...spec, env });
    this.#services.set(name, service);
    return service;
  }

  /** Starts a further instance of a service, which takes part of its partitions; optionally from another build. */
  async startAnother(
    name: ServiceName,
    its: Readonly<Record<string, string>> = {},
    checkout?: string,
  ): Promise<LocalProcess> {
    if (!this.#dependencies) throw new Error(`${name} has no stack to run in yet`);
    const [callers = 0, management = 0] = await freePorts(2);
    const dependencies = checkout === undefined ? this.#dependencies : { ...this.#dependencies, checkout };
    const spec = serviceSpec(name, dependencies, { callers, management });
    this.#others += 1;
    const env = { ...spec.env, ...this.#options.env?.[name], ...its };
    return this.processes.start({ ...spec, name: `${name}-other-${this.#others}`, env });
  }

  service(name: ServiceName): LocalProcess {
    const service = this.#services.get(name);
    if (!service) throw new Error(`${name} is not running`);
    return service;
  }

  /** Stops everything in order. Resolves once all processes have ended. */
  async stop(): Promise<void> {
    this.#removeInfo();
    await this.processes.stopAll();
  }

  /** Kills everything at once. Resolves once all processes have ended. */
  async kill(): Promise<void> {
    this.#removeInfo();
    await this.processes.killAll();
  }

  #removeInfo(): void {
    for (const file of [this.#infoFile, envFileOf(this.#infoFile)]) rmSync(file, { force: true });
  }

  #writeInfo(
    infrastructure: Infrastructure,
    { destinations }: SandboxOrgs,
    { info: access }: LocalAccess,
    urls: ReturnType<typeof serviceUrls>,
    intake: IntakeInfo | undefined,
  ): StackInfo {
    const { brokers, databaseUrl, logins } = infrastructure;
    writeLoginFiles(secureFolder(this.folder), infrastructure);
    const secure = logins ? { logins } : {};
    const sender = intake ? { intake } : {};
    const info: StackInfo = { brokers, ...secure, databaseUrl, ...urls, destinations, access, ...sender };
    mkdirSync(dirname(this.#infoFile), { recursive: true });
    // The file contains the sandbox's keys, the clients' secrets and the database password: only its owner may read it.
    writeFileSync(this.#infoFile, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
    writeFileSync(envFileOf(this.#infoFile), stackEnv(info));
    return info;
  }
}
