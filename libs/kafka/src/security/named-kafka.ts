import { existsSync, readFileSync } from 'node:fs';
import type { KafkaSettings } from '../settings.ts';
import { type SecurityVariables, securityOf } from './security-of.ts';

/**
 * The Kafka that a program is to talk to, and how to log in there: of its option `--brokers`, else of KAFKA_BROKERS, both as
 * the environment says, else of the stack that `npm start` runs in this folder, as its user of this name where it has users.
 *
 * Throws an Error that names what cannot be meant, or how to name brokers.
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
  if (brokers.length === 0) throw new Error('which Kafka? give --brokers host:port,… or KAFKA_BROKERS');
  const wrong = brokers.find((broker) => !/^[^\s:]+:\d+$/.test(broker));
  if (wrong !== undefined) {
    throw new Error(`${option === undefined ? 'KAFKA_BROKERS' : '--brokers'} must be host:port,…, not ${wrong}`);
  }
  return { brokers, security: securityOf(stack.logins?.[user] ?? env) };
}

interface Stack {
  readonly brokers?: string;
  /** By the name of each principal, where the broker wants a login. */
  readonly logins?: Readonly<Record<string, SecurityVariables>>;
}

const stackIn = (file: string): Stack => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stack) : {});
