import type { DataCenter } from '@pagebridge/vocabulary';
import type { Router } from 'express';
import type { Dependencies } from './domain/dependencies.ts';
import type { Org } from './domain/org.ts';
import type { OrgConfig } from './domain/org-config.ts';
import { seedOrg } from './domain/seed.ts';
import { apiRoutes } from './inbound/api/api-routes.ts';
import { orgControl } from './inbound/control/control-app.ts';
import { hostApp } from './inbound/host.ts';
import { type Listener, listen, type Place } from './inbound/listener.ts';
import { pagingRoutes } from './inbound/paging/paging-routes.ts';

/** The public description of a running org. */
export interface DestinationView {
  readonly org: string;
  readonly dataCenter: string;
  readonly apiUrl: string;
  readonly pagingUrl: string;
  readonly controlUrl: string;
  readonly teams: readonly string[];
}

/** A running org: its state, its two hosts, and its part of the control API. */
export class Destination {
  readonly org: Org;
  readonly control: Router;
  readonly #config: OrgConfig;
  readonly #controlUrl: string;
  readonly #api: Listener;
  readonly #paging: Listener;

  static async start(
    config: OrgConfig,
    dependencies: Dependencies,
    place: Omit<Place, 'port'>,
    controlUrl: string,
  ): Promise<Destination> {
    const org = seedOrg(config, dependencies);
    const api = await listen(hostApp(org, 'api', apiRoutes), { ...place, port: config.apiPort });
    try {
      const paging = await listen(hostApp(org, 'paging', pagingRoutes), { ...place, port: config.pagingPort });
      return new Destination(config, org, api, paging, `${controlUrl}/orgs/${config.org}`);
    } catch (error) {
      await api.stop();
      throw error;
    }
  }

  private constructor(config: OrgConfig, org: Org, api: Listener, paging: Listener, controlUrl: string) {
    this.#config = config;
    this.org = org;
    this.control = orgControl(org);
    this.#api = api;
    this.#paging = paging;
    this.#controlUrl = controlUrl;
  }

  view(): DestinationView {
    const teams = this.org.teams.all().filter(({ onCall }) => onCall === 'on-call');
    return {
      org: this.org.name,
      dataCenter: this.#config.dataCenter,
      apiUrl: this.#api.url,
      pagingUrl: this.#paging.url,
      controlUrl: this.#controlUrl,
      teams: teams.map(({ handle }) => handle),
    };
  }

  /** Returns the data center of the org, as an entry of the services' catalogue. */
  dataCenter(): DataCenter {
    const { dataCenter: name, apiUrl, pagingUrl } = this.view();
    return { name, site: `${this.org.name}.sandbox`, location: 'this machine', apiUrl, pagingUrl };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#api.stop(), this.#paging.stop()]);
  }
}
