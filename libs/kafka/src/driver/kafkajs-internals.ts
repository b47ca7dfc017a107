import './kafkajs-patches.ts';
import { createRequire } from 'node:module';
import type { KafkaJSProtocolError, Logger, Mechanism } from 'kafkajs';
import type { Address } from './driver.ts';
import type { ResettableSocket, SocketRequest } from './socket.ts';

// Of kafkajs' producer nothing is used but its connections and its encoding of requests. What of it has no types is
// described here, as it is in the one version that kafkajs-patches.ts lets pass.
const require = createRequire(import.meta.url);

/** It does not connect again by itself. */
export interface Connection {
  isConnected(): boolean;
  send(exchange: { request: object; response: object; requestTimeout: number }): Promise<unknown>;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
}

/** The connections to one broker: a second one for fetches, which none of our requests takes. */
interface Connections {
  readonly pool: readonly [Connection, Connection];
}

interface ConnectionSettings extends Address {
  readonly clientId: string;
  readonly logger: Logger;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly sasl?: Mechanism;
  readonly socketFactory: (request: SocketRequest) => ResettableSocket['socket'];
}

export const ConnectionPool = moduleOf<new (settings: ConnectionSettings) => Connections>('network/connectionPool');

/** Connects with ApiVersions and, where there is one, authentication; knows which version of a request to send. */
export interface KafkajsBroker {
  connect(): Promise<void>;
  lookupRequest(
    apiKey: number,
    definition: object,
  ): (data: object) => {
    readonly request: object;
    readonly response: { decode(bytes: Buffer): Promise<unknown> };
  };
}

interface BrokerSettings {
  readonly connectionPool: Connections;
  readonly logger: Logger;
  readonly allowAutoTopicCreation: boolean;
}

export const KafkajsBroker = moduleOf<new (settings: BrokerSettings) => KafkajsBroker>('broker');

export type Api = 'Produce' | 'Metadata' | 'InitProducerId' | 'Fetch' | 'ListOffsets';

export const apiKeys = moduleOf<Readonly<Record<Api, number>>>('protocol/requests/apiKeys');
export const { requests } = moduleOf<{ requests: Readonly<Record<Api, object>> }>('protocol/requests');

export const { createErrorFromCode } = moduleOf<{ createErrorFromCode(code: number): KafkaJSProtocolError }>(
  'protocol/error',
);

/** Names an error as the protocol does; undefined for none. */
export function nameOf(code: number): string | undefined {
  if (code === 0) return undefined;
  const { type } = createErrorFromCode(code);
  return type === 'KAFKAJS_UNKNOWN_ERROR_CODE' ? `error ${code}` : type;
}

function moduleOf<T>(path: string): T {
  return require(`kafkajs/src/${path}`) as T;
}
