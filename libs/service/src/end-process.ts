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

/** A line as the logger writes it, for when there is no log yet or what is in its buffer would be lost. */
const lineOf = (service: string, level: 'warn' | 'fatal', message: string, its: object = {}): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), service, message, ...its })}\n`;

/** Warns of something before there is a log, or from outside of it. */
export const warn = (service: string, message: string): void =>
  void process.stderr.write(lineOf(service, 'warn', message));

/** Ends the process after a failed start or an uncaught error. */
export function fail(service: string, error: unknown): void {
  const known =
    error instanceof ConfigError || (error instanceof Error && error.name !== 'Error' && error.name !== 'TypeError');
  const told = error instanceof Error ? error.message : String(error);
  const message = error instanceof BrokerUnreachableError ? `${told}; KAFKA_BROKERS names where to look` : told;
  const stack = !known && error instanceof Error ? { stack: error.stack } : {};
  process.stderr.write(lineOf(service, 'fatal', message, stack), () => process.exit(1));
}
