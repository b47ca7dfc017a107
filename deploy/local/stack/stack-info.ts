import type { ServiceName } from './services.ts';

/** A destination org of the sandbox, with the credential that pages it. */
export interface Destination {
  readonly dataCenter: string;
  readonly org: string;
  readonly apiUrl: string;
  readonly pagingUrl: string;
  readonly controlUrl: string;
  readonly apiKey: string;
  readonly applicationKey: string;
  /** Handles of its on-call teams. */
  readonly teams: readonly string[];
}

/** The content of `stack.json`: what a tool needs to drive a running stack. */
export interface StackInfo {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly services: {
    readonly connectionManagement: string;
    readonly handleSync: string;
    readonly pageRouting: string;
    readonly pageDelivery: string;
  };
  readonly destinations: readonly Destination[];
}

export const serviceUrls = (ports: Readonly<Record<ServiceName, number>>): StackInfo['services'] => ({
  connectionManagement: `http://127.0.0.1:${ports['connection-management']}`,
  handleSync: `http://127.0.0.1:${ports['handle-sync']}`,
  pageRouting: `http://127.0.0.1:${ports['page-routing']}`,
  pageDelivery: `http://127.0.0.1:${ports['page-delivery']}`,
});
