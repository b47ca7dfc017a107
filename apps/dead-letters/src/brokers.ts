import { existsSync, readFileSync } from 'node:fs';

/** Which Kafka: the option, else the environment, else the stack that `npm start` runs; empty if none is known. */
export function brokersOf(option: string | undefined, env: NodeJS.ProcessEnv, stackFile: string): readonly string[] {
  const given = option ?? env.KAFKA_BROKERS ?? ofStack(stackFile) ?? '';
  return given
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
}

function ofStack(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const stack = JSON.parse(readFileSync(file, 'utf8')) as { brokers?: string };
  return stack.brokers;
}
