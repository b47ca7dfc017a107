import { existsSync, readFileSync } from 'node:fs';
import { stackFileOf } from './folder.ts';
import type { StackInfo } from './stack/stack-info.ts';

/** A Kafka to talk to, and what named it: an error must say where to mend it. */
export interface NamedBrokers {
  readonly brokers: string;
  readonly namedBy: string;
  /** How to log in, where a running stack has named it. */
  readonly logins?: StackInfo['logins'];
}

/** The Kafka of `--brokers`, else of KAFKA_BROKERS, else of the stack that `npm start` runs. Throws where none is named. */
export function namedBrokers(option: string | undefined): NamedBrokers {
  const { KAFKA_BROKERS } = process.env;
  if (option !== undefined) return checked({ brokers: option, namedBy: '--brokers' });
  if (KAFKA_BROKERS) return checked({ brokers: KAFKA_BROKERS, namedBy: 'KAFKA_BROKERS' });
  const file = stackFileOf('start');
  if (!existsSync(file)) {
    throw new Error('which Kafka? Give --brokers host:port,…, set KAFKA_BROKERS, or run npm start here');
  }
  const { brokers, logins } = JSON.parse(readFileSync(file, 'utf8')) as StackInfo;
  return { brokers, namedBy: '.local/stack.json', ...(logins ? { logins } : {}) };
}

/** Throws an Error that names what holds the brokers where they are no `host:port,host:port`. */
export function requireBrokers(brokers: string, namedBy: string): void {
  if (!/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/.test(brokers)) {
    throw new Error(`${namedBy} must be host:port,host:port, not ${JSON.stringify(brokers)}`);
  }
}

function checked(named: NamedBrokers): NamedBrokers {
  requireBrokers(named.brokers, named.namedBy);
  return named;
}
