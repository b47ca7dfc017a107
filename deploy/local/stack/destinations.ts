import { join } from 'node:path';
import type { DataCenter } from '@pagebridge/vocabulary';
import { root } from '../folder.ts';
import { answersOk } from '../processes/health.ts';
import { freePort } from '../processes/ports.ts';
import type { Processes } from '../processes/processes.ts';
import { call } from './call.ts';
import type { Destination } from './stack-info.ts';

/** The destination orgs of the sandbox, and their entries for the services' catalogue of data centers. */
export interface SandboxOrgs {
  readonly destinations: readonly Destination[];
  readonly dataCenters: readonly DataCenter[];
}

/** The configuration of a destination org; its teams are on call by default. */
export interface SandboxOrgConfig {
  readonly org: string;
  readonly dataCenter: string;
  /** Handles; with an id if the caller must know it beforehand. */
  readonly teams: readonly (string | { readonly handle: string; readonly id?: string; readonly onCall?: boolean })[];
  /** The strictness settings of docs/sandbox.md. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly rateLimits?: Readonly<Record<string, unknown>>;
  /** Generated if absent. */
  readonly apiKey?: string;
  readonly applicationKey?: string;
}

export const twoOrgs: readonly SandboxOrgConfig[] = [
  { org: 'globex-eu', dataCenter: 'SANDBOX-EU1', teams: ['core-infra', 'payments', 'search'] },
  { org: 'initech-ap', dataCenter: 'SANDBOX-AP1', teams: ['network', 'database', 'core-platform'] },
];

/** Starts the sandbox with these orgs, each with its own API host and paging host. */
export async function startSandbox(
  processes: Processes,
  orgs: readonly SandboxOrgConfig[] = twoOrgs,
  preferredPort?: number,
): Promise<SandboxOrgs> {
  const port = preferredPort ?? (await freePort());
  const control = `http://127.0.0.1:${port}`;
  await processes.start({
    name: 'oncall-sandbox',
    command: process.execPath,
    args: [join(root, 'apps/oncall-sandbox/dist/main.js')],
    env: { SANDBOX_ORGS: JSON.stringify(orgs), SANDBOX_CONTROL_PORT: String(port) },
    layer: 2,
    ready: () => answersOk(`${control}/orgs`),
  });
  const { body: views } = await call<Omit<Destination, 'apiKey' | 'applicationKey'>[]>('GET', `${control}/orgs`);
  const destinations = await Promise.all(views.map(withKeys));
  return { destinations, dataCenters: destinations.map(dataCenterOf) };
}

async function withKeys(view: Omit<Destination, 'apiKey' | 'applicationKey'>): Promise<Destination> {
  const { body } = await call<{ apiKey: string; applicationKey: string }>('GET', `${view.controlUrl}/credentials`);
  const { dataCenter, org, apiUrl, pagingUrl, controlUrl, teams } = view;
  const { apiKey, applicationKey } = body;
  return { dataCenter, org, apiUrl, pagingUrl, controlUrl, apiKey, applicationKey, teams };
}

const dataCenterOf = ({ dataCenter, org, apiUrl, pagingUrl }: Destination): DataCenter => ({
  name: dataCenter,
  site: `${org}.sandbox`,
  location: 'this machine',
  apiUrl,
  pagingUrl,
});
