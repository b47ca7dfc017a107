import { type Destination, openDestination } from '@pagebridge/destination';
import type { DestinationView } from '../src/destination.ts';
import type { Dependencies } from '../src/domain/dependencies.ts';
import type { Page } from '../src/domain/on-call/pages.ts';
import { lenient } from '../src/domain/org-settings.ts';
import { type Sandbox, startSandbox } from '../src/sandbox.ts';
import { systemDependencies } from '../src/system-dependencies.ts';

/** The id of the team `core-infra` of `globex`. */
export const coreInfra = '00000000-0000-4000-8000-0000000000c1';

interface Credentials {
  readonly apiKey: string;
  readonly applicationKey: string;
  readonly applicationKeys: Record<string, { key: string; id: string; scopes: string[] | null }>;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A sandbox in this process with two orgs; most tests use `globex`, and `initech` is the other one. */
export class RunningSandbox {
  readonly sandbox: Sandbox;
  readonly globex: DestinationView;
  readonly initech: DestinationView;

  static async start(
    teams: readonly { id?: string; handle: string; onCall?: boolean }[] = [],
    dependencies: Partial<Dependencies> = {},
  ): Promise<RunningSandbox> {
    const ports = { apiPort: 0, pagingPort: 0 };
    const orgs = [
      {
        org: 'globex',
        dataCenter: 'EU1-SANDBOX',
        ...ports,
        teams: [{ id: coreInfra, handle: 'core-infra' }, ...teams],
      },
      { org: 'initech', dataCenter: 'AP1-SANDBOX', ...ports, teams: [{ handle: 'database' }] },
    ];
    const config = { host: '127.0.0.1', controlPort: 0, orgs };
    return new RunningSandbox(await startSandbox(config, { ...systemDependencies, ...dependencies }));
  }

  private constructor(sandbox: Sandbox) {
    const [globex, initech] = sandbox.view().orgs;
    if (!globex || !initech) throw new Error('both orgs must run');
    this.sandbox = sandbox;
    this.globex = globex;
    this.initech = initech;
  }

  async control(method: string, path: string, body?: unknown, destination = this.globex): Promise<ControlAnswer> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return answered(await fetch(`${destination.controlUrl}${path}`, { method, ...init }));
  }

  /** Calls a route of the control API that belongs to no org. */
  async controlAll(method: string, path: string, body?: unknown): Promise<ControlAnswer> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return answered(await fetch(`${this.sandbox.view().controlUrl}${path}`, { method, ...init }));
  }

  async pages(): Promise<(Omit<Page, 'createdAt'> & { createdAt: string })[]> {
    return (await this.control('GET', '/pages')).body as never;
  }

  async credentials(destination = this.globex): Promise<Credentials> {
    return (await this.control('GET', '/credentials', undefined, destination)).body as Credentials;
  }

  /** Returns the key pair whose application key has this name. */
  async credential(name = 'good'): Promise<{ apiKey: string; applicationKey: string }> {
    const { apiKey, applicationKeys } = await this.credentials();
    const applicationKey = applicationKeys[name]?.key;
    if (applicationKey === undefined) throw new Error(`there is no application key ${name}`);
    return { apiKey, applicationKey };
  }

  /** Returns our own client with one of the org's keys. */
  async oncall(name = 'good', timeoutMs = 2000): Promise<Destination> {
    const [dataCenter] = this.sandbox.view().dataCenters;
    if (!dataCenter) throw new Error('the sandbox must have a data center');
    return openDestination({ dataCenter, credential: await this.credential(name), timeoutMs });
  }

  /** Clears faults, pages and limits. */
  async calm(): Promise<void> {
    const generous = { limit: 60_000, periodSeconds: 60 };
    await Promise.all([
      this.control('DELETE', '/faults'),
      this.control('DELETE', '/pages'),
      this.control('PUT', '/rate-limits', { api: generous, paging: generous, everyEndpoint: null, endpoints: {} }),
      this.control('PUT', '/settings', lenient),
      this.control('DELETE', '/calls'),
    ]);
  }

  stop(): Promise<void> {
    return this.sandbox.stop();
  }
}

async function answered(response: Response): Promise<ControlAnswer> {
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
