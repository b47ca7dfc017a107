import './kafkajs-patches.ts';
import { createRequire } from 'node:module';
import type { KafkaJSProtocolError, Logger, Mechanism } from 'kafkajs';
import type { Address } from './driver.ts';
import type { ResettableSocket, SocketRequest } from './network/socket.ts';

// The driver uses only the connections and the encoding of requests of kafkajs. The internals that have no types are
// declared here, as they are in the one version that kafkajs-patches.ts accepts.
const require = createRequire(import.meta.url);

/** A connection of kafkajs; it does not reconnect by itself. */
export interface Connection {
  isConnected(): boolean;
  send(exchange: { request: object; response: object; requestTimeout: number }): Promise<unknown>;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
}

/** The connections of kafkajs to one broker. The second one is for fetches of kafkajs; our requests never use it. */
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

/** Requests the API versions and authenticates on connecting; selects the version of each request. */
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

export type Api = 'Produce' | 'Metadata' | 'InitProducerId' | 'Fetch' | 'ListOffsets' | 'DescribeConfigs';

export const apiKeys = moduleOf<Readonly<Record<Api, number>>>('protocol/requests/apiKeys');
export const { requests } = moduleOf<{ requests: Readonly<Record<Api, object>> }>('protocol/requests');

/** Returns the encoded body of a request, which `lookupRequest` returns as an encoder. */
export const bodyOf = (bytes: Buffer): object => ({ buf: bytes, buffer: bytes });

export const { createErrorFromCode } = moduleOf<{ createErrorFromCode(code: number): KafkaJSProtocolError }>(
  'protocol/error',
);

/** Returns the name of an error in the protocol; undefined for code 0. */
export function nameOf(code: number): string | undefined {
  if (code === 0) return undefined;
  const { type } = createErrorFromCode(code);
  return type === 'KAFKAJS_UNKNOWN_ERROR_CODE' ? `error ${code}` : type;
}

function moduleOf<T>(path: string): T {
  return require(`kafkajs/src/${path}`) as T;
}
