import { BrokerUnreachableError } from '@pagebridge/kafka';
import { ConfigError } from './config.ts';

/**
 * Ends the process with the error in one line: for a reader that cannot go on. Its table would stay as it is for ever; a
 * new process reads it anew.
 */
export const endProcess = (error: Error): void => {
  setImmediate(() => {
    throw error;
  });
};

/**
 * Ends the process after a failed start or an uncaught error.
 *
 * The log may not exist yet or be buffered, so the line is written as the logger would write it.
 */
export function fail(service: string, error: unknown): void {
  const known =
    error instanceof ConfigError || (error instanceof Error && error.name !== 'Error' && error.name !== 'TypeError');
  const told = error instanceof Error ? error.message : String(error);
  const message = error instanceof BrokerUnreachableError ? `${told}; KAFKA_BROKERS names where to look` : told;
  const stack = !known && error instanceof Error ? { stack: error.stack } : {};
  const line = { level: 'fatal', time: new Date().toISOString(), service, message, ...stack };
  process.stderr.write(`${JSON.stringify(line)}\n`, () => process.exit(1));
}
