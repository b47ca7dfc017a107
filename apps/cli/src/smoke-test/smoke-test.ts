import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import { boundedFetch } from '../http/bounded-fetch.ts';
import type { Services } from '../http/services.ts';

type Connection = { readonly id: string; readonly name: string; readonly version: number };
type SandboxOrg = { readonly org: string; readonly dataCenter: string; readonly teams: readonly string[] };
type Page = { readonly title: string; readonly status: string; readonly team: { readonly handle: string } | null };

/** The APIs and orgs that the test uses. */
export interface Installation {
  readonly services: Pick<Services, 'call'>;
  readonly sandboxUrl: string;
  readonly publish: (record: OutgoingRecord) => Promise<void>;
  readonly sourceOrg: string;
  readonly sandboxOrg: string;
  readonly signal: AbortSignal;
}

const name = 'Smoke test';
const everyMs = 500;

/** Adds a connection, pages over it, resolves the page, removes the connection; passes each step to `say`. Rejects at the first failure. */
export class SmokeTest {
  private readonly alertKey = `smoke-test-${randomUUID()}`;

  constructor(
    private readonly deps: Installation,
    private readonly say: (line: string) => void,
  ) {}

  async run(): Promise<void> {
    await this.step('remove connections of earlier runs', () => this.removeConnections());
    const team = await this.step('add a connection to the sandbox', () => this.addConnection());
    try {
      await this.step(`wait for handle ${handleOf(team)}`, () => this.until(() => this.knowsHandle(team)));
      await this.step('publish an alert', () => this.alert('triggered', `Smoke test. ${handleOf(team)}`));
      await this.step('wait for the page', () => this.until(() => this.pageIs('triggered', team)));
      await this.step('publish its recovery', () => this.alert('recovered', ''));
      await this.step('wait until the page is resolved', () => this.until(() => this.pageIs('resolved', team)));
    } finally {
      await this.step('remove the connection', () => this.removeConnections());
    }
  }

  private async step<T>(title: string, run: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const spent = () => `${Math.round(performance.now() - started)} ms`;
    try {
      const result = await run();
      this.say(`ok      ${title} (${spent()})`);
      return result;
    } catch (error) {
      // The removal of the connection in `finally` may fail too and would hide this reason.
      this.say(`FAILED  ${title} (${spent()}): ${(error as Error).message}`);
      throw error;
    }
  }

  private async addConnection(): Promise<string> {
    const { sandboxOrg, services } = this.deps;
    const orgs = await this.sandbox<readonly SandboxOrg[]>('/orgs');
    const found = orgs.find(({ org }) => org === sandboxOrg);
    const [team] = found?.teams ?? [];
    if (!found || team === undefined) throw new Error(`the sandbox has no org ${sandboxOrg} with an on-call team`);
    const path = `/orgs/${sandboxOrg}/credentials`;
    const { apiKey, applicationKey } = await this.sandbox<{ apiKey: string; applicationKey: string }>(path);
    const body = { name, dataCenter: found.dataCenter, apiKey, applicationKey };
    await services.call('POST', 'connection-management', this.path(), { body });
    return team;
  }

  private async removeConnections(): Promise<void> {
    const { services } = this.deps;
    const { body } = await services.call('GET', 'connection-management', this.path());
    for (const { id, version } of (body.items as readonly Connection[]).filter((its) => its.name === name)) {
      const sent = { query: { force: true }, ifMatch: `"${version}"` };
      await services.call('DELETE', 'connection-management', `${this.path()}/${id}`, sent);
    }
  }

  private async knowsHandle(team: string): Promise<boolean> {
    const path = `/v1/source-orgs/${this.deps.sourceOrg}/handles`;
    const { body } = await this.deps.services.call('GET', 'handle-sync', path, { query: { query: team } });
    return (body.items as readonly { readonly handle: string }[]).some(({ handle }) => handle === handleOf(team));
  }

  private async alert(transition: Alert['transition'], message: string): Promise<void> {
    const { sourceOrg, publish } = this.deps;
    const occurredAt = new Date().toISOString();
    const { alertKey } = this;
    const alert: Alert = {
      ...{ sourceOrg, alertKey, transition, message, occurredAt },
      ...{ origin: 'monitor', title: alertKey },
    };
    const event = { id: randomUUID(), source: '//pagebridge/smoke-test', time: occurredAt };
    await publish(Alerts.encode(alertIdentity(sourceOrg, alertKey), event, alert));
  }

  private async pageIs(status: string, team: string): Promise<boolean> {
    const pages = await this.sandbox<readonly Page[]>(`/orgs/${this.deps.sandboxOrg}/pages`);
    return pages.some((page) => page.title === this.alertKey && page.team?.handle === team && page.status === status);
  }

  private async until(condition: () => Promise<boolean>): Promise<void> {
    const { signal } = this.deps;
    while (!(await condition())) await pause(everyMs, undefined, { signal });
  }

  private async sandbox<T>(path: string): Promise<T> {
    const url = this.deps.sandboxUrl.replace(/\/$/, '') + path;
    const response = await boundedFetch(url);
    if (response.ok) return (await response.json()) as T;
    throw new Error(`GET ${url} responded with ${response.status}: ${(await response.text()).slice(0, 2000)}`);
  }

  private path = () => `/v1/source-orgs/${this.deps.sourceOrg}/connections`;
}
