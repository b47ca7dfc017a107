import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { KafkaJSConnectionError as ConnectionError } from 'kafkajs';

// Requests to a broker that hangs, or whose host vanished without closing its connections. kafkajs goes on using a
// connection after a request on it timed out, so each further request would wait for its timeout too.

interface Address {
  readonly host: string;
  readonly port: number;
}

const { KafkaJSConnectionError, KafkaJSConnectionClosedError } = createRequire(import.meta.url)(
  'kafkajs/src/errors',
) as {
  KafkaJSConnectionError: new (message: string, of: { broker: string }) => ConnectionError;
  KafkaJSConnectionClosedError: new (message: string, of: Address) => ConnectionError;
};

interface Failure extends Error {
  readonly code?: string;
}

interface Connections extends Address {
  readonly pool: readonly { readonly socket?: Socket; rejectRequests(error: Error): void }[];
}
type Send = (this: Connections, exchange: object) => Promise<unknown>;

/** Closes the connections to a broker once a request has timed out, as the Java client does. */
export const closeOnTimeout = (send: Send): Send =>
  async function (exchange) {
    try {
      return await send.call(this, exchange);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const closed = () =>
        Object.assign(new KafkaJSConnectionClosedError((error as Error).message, this), { cause: error });
      for (const connection of this.pool) {
        // A late answer must not reach the next socket of this connection.
        connection.socket?.destroy();
        connection.rejectRequests(closed());
      }
      throw closed();
    }
  };

const isTimeout = (error: unknown): boolean => (error as Failure).name === 'KafkaJSRequestTimeoutError';

type Request = (data: { readonly memberId: string }) => Promise<unknown>;

// The brokers that gave a member no answer, until it joins a group there again.
const lostCoordinators = new WeakSet<object>();

/**
 * Makes a member look for another coordinator of its group once the present one gives no answer: kafkajs does so only
 * if the coordinator itself answers that it is none. Until then all further requests to it fail at once, because each
 * batch of a fetch begins with a heartbeat.
 */
export const leaveLostCoordinator = (name: string, request: Request): Request =>
  async function (this: object, data) {
    if (name === 'joinGroup') lostCoordinators.delete(this);
    try {
      if (lostCoordinators.has(this)) throw new Error('The coordinator of the group does not answer');
      return await request.call(this, data);
    } catch (error) {
      if (isLost(error as Failure)) lostCoordinators.add(this);
      throw lostCoordinators.has(this) ? Object.assign(error as Error, { type: 'NOT_COORDINATOR_FOR_GROUP' }) : error;
    }
  };

// A connection that was closed or refused fails at once: kafkajs repeats the request soon, and no member must rejoin.
const isLost = ({ name, code = '', cause }: Failure): boolean =>
  isTimeout(cause ?? {}) || (name === 'KafkaJSConnectionError' && !['ECONNRESET', 'ECONNREFUSED'].includes(code));

type Connect = (this: { readonly brokerAddress: string; disconnect(): Promise<void> }) => Promise<void>;

/**
 * Closes a connection whose broker accepts it and then gives no answer. kafkajs would call it connected, and tries
 * another broker of its list only after a connection error.
 */
export const abandonSilent = (connect: Connect): Connect =>
  async function () {
    try {
      await connect.call(this);
    } catch (error) {
      const { message, cause = error } = error as Failure;
      if (!isTimeout(cause)) throw error;
      await this.disconnect();
      throw new KafkaJSConnectionError(message, { broker: this.brokerAddress });
    }
  };
