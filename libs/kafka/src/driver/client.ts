import './kafkajs-patches.ts';
import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type LogEntry, type Mechanism } from 'kafkajs';
import { BrokerUnreachableError, KafkaError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { openSocket, type ResettableSocket, type SocketRequest } from './network/socket.ts';
import { mechanismOf } from './security/sasl.ts';
import { hintOf, securityFaultOf } from './security/security-faults.ts';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Returns the innermost cause of an error; kafkajs wraps errors in errors. */
export function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause ? rootCause(error.cause) : error;
}

const connectionTimeoutMs = 3000;
const requestTimeoutMs = 10_000;

/** Returns a delay that doubles with each attempt (from 1) up to `maxMs`, with jitter to spread the retries of many. */
export const backoffMs = (attempt: number, firstMs: number, maxMs: number): number =>
  Math.round(Math.min(maxMs, firstMs * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2));

/** Opens a socket, with TLS if the settings have it; reads certificate files anew. */
export const socketTo = ({ security, log }: KafkaSettings, request: SocketRequest): ResettableSocket =>
  openSocket({ ...request, ssl: security.tls?.(log) });

/** Returns the login settings for kafkajs. */
export const loginOf = ({ security }: KafkaSettings): { sasl?: Mechanism } =>
  security.sasl ? { sasl: mechanismOf(security.sasl) } : {};

/**
 * Returns a new kafkajs client. Clients share no state, so each can be discarded alone. `connectRetries`: how often the
 * client retries to reach a broker, up to 1 s apart, before it fails.
 */
export const clientOf = (settings: KafkaSettings, connectRetries = 5): kafkajs.Kafka =>
  new kafkajs.Kafka({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    socketFactory: (request) => socketTo(settings, request).socket,
    ...loginOf(settings),
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: connectRetries, factor: 0.2, multiplier: 2 },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => relay(settings, entry),
  });

// The caller logs a response with an error code.
const isResponse = (message: string): boolean => message.startsWith('Response ');
const offsetReset = 'Offset out of range, resetting to default offset';

// kafkajs retries most of its errors, so they are warnings here; this library logs the fatal ones as errors.
function relay(settings: KafkaSettings, { namespace, level, log: entry }: LogEntry): void {
  const { timestamp: _timestamp, logger: _logger, message, stack: _stack, ...fields } = entry;
  const line = `kafkajs ${namespace}: ${message}`;
  if (message === offsetReset) {
    settings.log.error('committed offset out of range; records skipped', fields);
    const [topic, partition] = [String(fields.topic), Number(fields.partition)];
    settings.observer?.offsetReset?.({ topic, partition, kind: 'unread' });
  } else if (level <= kafkajs.logLevel.WARN && !isResponse(message)) settings.log.warn(line, fields);
  else settings.log.debug(line, fields);
}

export const connectTimeoutOf = ({ connectTimeoutMs = 30_000 }: KafkaSettings): number => connectTimeoutMs;

/** Retries until the connect timeout of the settings, and logs the failures. A definite answer is thrown at once. */
export async function connectWithin<T>(settings: KafkaSettings, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + connectTimeoutOf(settings);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const cause = rootCause(error);
      const fault = securityFaultOf(cause);
      if (fault) throw fault;
      // An attempt has its own, shorter timeout; an unreachable broker is no definite answer.
      const isDefinite = error instanceof KafkaError && error.code !== 'KAFKA.BROKER_UNREACHABLE';
      if (isDefinite || (cause as { retriable?: boolean }).retriable === false) throw error;
      const hint = hintOf(cause, settings.security);
      if (Date.now() >= deadline) throw new BrokerUnreachableError(settings.brokers, cause, hint);
      settings.log.warn('no Kafka broker answers; retrying', { brokers: settings.brokers, error: messageOf(cause) });
      await delay(200);
    }
  }
}

/** Runs a task with a connected admin client. The task may run again if a broker is not ready for it. */
export const withAdmin = <T>(settings: KafkaSettings, task: (admin: Admin) => Promise<T>): Promise<T> =>
  connectWithin(settings, async () => {
    const admin = clientOf(settings).admin();
    try {
      await admin.connect();
      return await task(admin);
    } finally {
      admin
        .disconnect()
        .catch((error) => settings.log.debug('kafkajs admin disconnect failed', { error: messageOf(error) }));
    }
  });

/** Returns whether an outage, and not a record, caused the error, so that the same call may succeed later. */
export function isOutage(error: unknown): boolean {
  if (error instanceof KafkaError) return error.retriable;
  return error instanceof Error && error.cause !== undefined && isOutage(error.cause);
}
