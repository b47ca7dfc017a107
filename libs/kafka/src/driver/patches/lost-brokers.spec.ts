import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import '../kafkajs-patches.ts';

const require = createRequire(import.meta.url);
type Failure = Error & { readonly type?: string };
type Request = (this: object, data: object) => Promise<unknown>;
const Broker = require('kafkajs/src/broker') as { prototype: Record<'heartbeat' | 'joinGroup', Request> };
const ConnectionPool = require('kafkajs/src/network/connectionPool') as { prototype: { send: Request } };
const errors = require('kafkajs/src/errors') as Record<string, new (message: string, of?: object) => Failure>;
const errorOf = (name: string, of: object = {}) => Reflect.construct(errors[name] as never, [name, of]) as Failure;

const brokerWith = (outcome: () => unknown) => ({ lookupRequest: outcome });
const failing = (error: Failure) =>
  brokerWith(() => {
    throw error;
  });
const outcomeOf = (request: 'heartbeat' | 'joinGroup', broker: object) =>
  Broker.prototype[request].call(broker, { memberId: 'm-1' }).catch((error: Failure) => error.type ?? error.name);

describe('a broker that gives no answer', () => {
  it('loses its connections after a request has timed out, so that the next request opens new ones', async () => {
    const connection = () => ({ socket: { destroy: jest.fn() }, rejectRequests: jest.fn() });
    const pool = [connection(), connection()];
    const timesOut = { send: () => Promise.reject(errorOf('KafkaJSRequestTimeoutError')) };
    const connections = { host: 'h', port: 1, pool, getConnectionByRequest: async () => timesOut };

    const sent = ConnectionPool.prototype.send.call(connections, { request: {} });

    const closed = { name: 'KafkaJSConnectionClosedError', host: 'h', port: 1 };
    await expect(sent).rejects.toMatchObject(closed);
    for (const { socket, rejectRequests } of pool) {
      expect(socket.destroy).toHaveBeenCalled();
      expect(rejectRequests).toHaveBeenCalledWith(expect.objectContaining(closed));
    }
  });

  it('is no coordinator any more for its members, until they join there again', async () => {
    const timeout = errorOf('KafkaJSRequestTimeoutError');
    const broker = failing(Object.assign(errorOf('KafkaJSConnectionClosedError'), { cause: timeout }));
    expect(await outcomeOf('heartbeat', broker)).toBe('NOT_COORDINATOR_FOR_GROUP');

    const answers = jest.fn(() => {
      throw errorOf('KafkaJSBrokerNotFound');
    });
    broker.lookupRequest = answers;
    expect(await outcomeOf('heartbeat', broker)).toBe('NOT_COORDINATOR_FOR_GROUP');
    expect(answers).not.toHaveBeenCalled();
    expect(await outcomeOf('joinGroup', broker)).toBe('KafkaJSBrokerNotFound');
    expect(await outcomeOf('heartbeat', broker)).toBe('KafkaJSBrokerNotFound');
  });

  it('is no coordinator any more if its host cannot be reached', async () => {
    const unreachable = failing(errorOf('KafkaJSConnectionError'));
    expect(await outcomeOf('heartbeat', unreachable)).toBe('NOT_COORDINATOR_FOR_GROUP');
  });

  it.each([
    ['closed a connection', errorOf('KafkaJSConnectionClosedError')],
    ['reset a connection', errorOf('KafkaJSConnectionError', { code: 'ECONNRESET' })],
    ['refused a connection', errorOf('KafkaJSConnectionError', { code: 'ECONNREFUSED' })],
  ])('stays the coordinator if it only %s', async (_what, error) => {
    expect(await outcomeOf('heartbeat', failing(error))).toBe(error.name);
  });
});
