import { BrokerUnreachableError, KafkaError } from '@pagebridge/kafka';
import { UsageError } from '@pagebridge/process';
import { version } from './build.ts';

/** Returns a line in the format of the logger, for use before the logger exists or when its buffer would be lost. */
const lineOf = (service: string, level: 'warn' | 'fatal', message: string, fields: object = {}): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), service, version, message, ...fields })}\n`;

/** Writes a warning to stderr without the logger. */
export const warn = (service: string, message: string): void =>
  void process.stderr.write(lineOf(service, 'warn', message));

/** Returns whether the message of an error says all that an operator needs. That of libs/database has a name only: services without a database do not load it. */
export const saysItsCause = (error: unknown): boolean =>
  error instanceof UsageError ||
  error instanceof KafkaError ||
  (error instanceof Error && error.name === 'DatabaseError');

/** Ends the process with exit code 1 after a failed start or an uncaught error; logs the stack of an error that may be a bug. */
export function fail(service: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const message = error instanceof BrokerUnreachableError ? `${text}; check KAFKA_BROKERS` : text;
  const isBug = error instanceof Error && !saysItsCause(error);
  const fields = isBug ? { error: { type: error.name, message: error.message, stack: error.stack } } : {};
  process.stderr.write(lineOf(service, 'fatal', message, fields), () => process.exit(1));
}
