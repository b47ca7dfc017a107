import { describe, expect, it } from '@jest/globals';
import { BrokerUnreachableError, KafkaError, MissingTopicsError } from '../errors.ts';
import { plaintext } from '../settings.ts';
import { connectWithin } from './client.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const settings = { brokers: ['127.0.0.1:1'], clientId: 'client-spec', security: plaintext, log };

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
