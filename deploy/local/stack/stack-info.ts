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
  /** The handles of its on-call teams. */
  readonly teams: readonly string[];
}

/** A client of the stack's OpenID provider, which may call the services. */
export interface AccessClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Parameters of the token request, if present. */
  readonly scope?: string;
  readonly resource?: string;
}

/** The issuer of the tokens that the services accept, and its clients. */
export interface AccessInfo {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clients: readonly AccessClient[];
}

/** A source org for which programs of this machine may send alerts over HTTP, with the token for it. */
export interface IntakeInfo {
  readonly sourceOrg: string;
  readonly token: string;
}

/** The content of `stack.json`: the information that a tool needs to drive a running stack. */
export interface StackInfo {
  readonly brokers: string;
  /** By principal; absent if the broker needs no login. */
  readonly logins?: Logins;
  readonly databaseUrl: string;
  readonly services: {
    readonly connectionManagement: string;
    readonly handleSync: string;
    readonly pageRouting: string;
    readonly alertIntake: string;
    readonly pageHistory: string;
    /** The console, for people. */
    readonly console: string;
  };
  /** The URLs of health and metrics of each service. */
  readonly management: StackInfo['services'] & { readonly pageDelivery: string };
  readonly destinations: readonly Destination[];
  readonly access: AccessInfo;
  /** Absent where API tokens are off. */
  readonly intake?: IntakeInfo;
}

export const serviceUrls = (ports: StackPorts): Pick<StackInfo, 'services' | 'management'> => ({
  services: {
    connectionManagement: urlOf(ports['connection-management']),
    handleSync: urlOf(ports['handle-sync']),
    pageRouting: urlOf(ports['page-routing']),
    alertIntake: urlOf(ports['alert-intake']),
    pageHistory: urlOf(ports['page-history']),
    console: urlOf(ports['console-gateway']),
  },
  management: {
    connectionManagement: urlOf(ports['connection-management management']),
    handleSync: urlOf(ports['handle-sync management']),
    pageRouting: urlOf(ports['page-routing management']),
    alertIntake: urlOf(ports['alert-intake management']),
    pageHistory: urlOf(ports['page-history management']),
    console: urlOf(ports['console-gateway management']),
    pageDelivery: urlOf(ports['page-delivery management']),
  },
});

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
