import type { Logins } from './kafka-settings.ts';
import type { StackPorts } from './stack-ports.ts';

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

/** One who may call the services: a client of the stack's OpenID provider, for client credentials. */
export interface AccessClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** To be sent with the request, where they are there. */
  readonly scope?: string;
  readonly resource?: string;
}

/** Where the tokens come from that the services believe, and for whom. */
export interface AccessInfo {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clients: readonly AccessClient[];
}

/** The content of `stack.json`: what a tool needs to drive a running stack. */
export interface StackInfo {
  readonly brokers: string;
  /** By the name of each principal; absent where the broker takes everybody. */
  readonly logins?: Logins;
  readonly databaseUrl: string;
  readonly services: {
    readonly connectionManagement: string;
    readonly handleSync: string;
    readonly pageRouting: string;
  };
  /** Health and metrics of each service. */
  readonly management: StackInfo['services'] & { readonly pageDelivery: string };
  readonly destinations: readonly Destination[];
  readonly access: AccessInfo;
}

export const serviceUrls = (ports: StackPorts): Pick<StackInfo, 'services' | 'management'> => ({
  services: {
    connectionManagement: urlOf(ports['connection-management']),
    handleSync: urlOf(ports['handle-sync']),
    pageRouting: urlOf(ports['page-routing']),
  },
  management: {
    connectionManagement: urlOf(ports['connection-management management']),
    handleSync: urlOf(ports['handle-sync management']),
    pageRouting: urlOf(ports['page-routing management']),
    pageDelivery: urlOf(ports['page-delivery management']),
  },
});

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
