import { existsSync, readFileSync } from 'node:fs';

/**
 * The Kafka that a program is to talk to: of its option `--brokers`, else of KAFKA_BROKERS, else of the stack that
 * `npm start` runs in this folder.
 *
 * Throws an Error that names what holds brokers that cannot be meant, or how to name some.
 */
export function namedBrokers(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  stackFile = '.local/stack.json',
): readonly string[] {
  const given = option ?? env.KAFKA_BROKERS ?? ofStack(stackFile) ?? '';
  const brokers = given.split(',').flatMap((broker) => broker.trim() || []);
  if (brokers.length === 0) throw new Error('which Kafka? give --brokers host:port,… or KAFKA_BROKERS');
  const wrong = brokers.find((broker) => !/^[^\s:]+:\d+$/.test(broker));
  if (wrong === undefined) return brokers;
  throw new Error(`${option === undefined ? 'KAFKA_BROKERS' : '--brokers'} must be host:port,…, not ${wrong}`);
}

function ofStack(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const stack = JSON.parse(readFileSync(file, 'utf8')) as { brokers?: string };
  return stack.brokers;
}
