import { describe, expect, it } from '@jest/globals';
import { BrokerUnreachableError, KafkaError, MissingTopicsError } from '../errors.ts';
import { plaintext } from '../settings.ts';
import { clientOf, connectWithin } from './client.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const settings = { brokers: ['127.0.0.1:1'], clientId: 'client-spec', security: plaintext, log };

describe('the log of kafkajs', () => {
  it('has at most three lines a minute for each namespace of kafkajs, however many clients there are', () => {
    const warned: string[] = [];
    const loud = { ...settings, log: { ...log, warn: (message: string) => void warned.push(message) } };
    for (let times = 0; times < 10; times += 1) {
      const logger = clientOf(loud).logger();
      for (const part of ['Connection', 'Consumer']) logger.namespace(part).error('connect ECONNREFUSED');
    }
    expect(warned.filter((line) => line === 'kafkajs Connection: connect ECONNREFUSED')).toHaveLength(3);
    expect(warned).toHaveLength(6);
  });
});

describe('waiting for a broker', () => {
  it('continues after an attempt that found no broker within its own timeout, as with one of three brokers paused', async () => {
    const answers = [new BrokerUnreachableError(settings.brokers, new Error('Broker not connected'))];
    const attempt = async () => {
      const failure = answers.pop();
      if (failure) throw failure;
      return 'connected';
    };
    expect(await connectWithin({ ...settings, connectTimeoutMs: 5_000 }, attempt)).toBe('connected');
  });

  it('continues after a broker that does not answer', async () => {
    const answers = [
      new KafkaError('KAFKA.BROKER_UNREACHABLE', true, 'No answer to the request Metadata within 3000 ms'),
    ];
    const attempt = async () => {
      const answer = answers.shift();
      if (answer) throw answer;
      return 'connected';
    };
    expect(await connectWithin({ ...settings, connectTimeoutMs: 5_000 }, attempt)).toBe('connected');
  });

  it('fails with the cause after the connect timeout', async () => {
    const attempt = () =>
      Promise.reject(new BrokerUnreachableError(settings.brokers, new Error('Broker not connected')));
    const waiting = connectWithin({ ...settings, connectTimeoutMs: 0 }, attempt);
    await expect(waiting).rejects.toThrow('No Kafka broker answers at 127.0.0.1:1: Broker not connected');
  });

  it('logs the failures of a long outage in a few lines', async () => {
    let attempts = 0;
    const warned: string[] = [];
    const attempt = async () => {
      attempts += 1;
      if (attempts < 10) throw new BrokerUnreachableError(settings.brokers, new Error('Broker not connected'));
    };
    const loud = { ...settings, log: { ...log, warn: (message: string) => void warned.push(message) } };
    await connectWithin({ ...loud, connectTimeoutMs: 20_000 }, attempt);
    expect(warned).toEqual(Array.from({ length: 3 }, () => 'Kafka does not answer, retrying'));
  });

  it('fails at once on a definite answer, such as a missing topic', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return Promise.reject(new MissingTopicsError(['paging.alerts.v1']));
    };
    await expect(connectWithin({ ...settings, connectTimeoutMs: 5_000 }, attempt)).rejects.toThrow(MissingTopicsError);
    expect(attempts).toBe(1);
  });
});
