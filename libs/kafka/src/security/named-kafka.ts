import { existsSync, readFileSync } from 'node:fs';
import type { KafkaSettings } from '../settings.ts';
import { type SecurityVariables, securityOf } from './security-of.ts';

/**
 * Returns the brokers and the login of a command: the brokers of its option `--brokers` or of KAFKA_BROKERS, with the
 * login of the environment; otherwise those of the stack that `npm start` runs in this folder, with that of `user`.
 *
 * Throws an Error if no brokers are given or an address is malformed.
 */
export function namedKafka(
  user: string,
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  stackFile = '.local/stack.json',
): Pick<KafkaSettings, 'brokers' | 'security'> {
  const named = option ?? env.KAFKA_BROKERS;
  const stack = named === undefined ? stackIn(stackFile) : {};
  const brokers = (named ?? stack.brokers ?? '').split(',').flatMap((broker) => broker.trim() || []);
  if (brokers.length === 0) throw new Error('which Kafka? Give --brokers host:port,… or set KAFKA_BROKERS');
  const malformed = brokers.find((broker) => !/^[^\s:]+:\d+$/.test(broker));
  if (malformed !== undefined) {
    throw new Error(`${option === undefined ? 'KAFKA_BROKERS' : '--brokers'} must be host:port,…, not ${malformed}`);
  }
  return { brokers, security: securityOf(stack.logins?.[user] ?? env) };
}

interface Stack {
  readonly brokers?: string;
  /** The login of each user, by name, if the broker requires logins. */
  readonly logins?: Readonly<Record<string, SecurityVariables>>;
}

const stackIn = (file: string): Stack => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stack) : {});
