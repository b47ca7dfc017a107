import { existsSync, readFileSync } from 'node:fs';
import { stackFileOf } from './folder.ts';
import type { StackInfo } from './stack/stack-info.ts';

/** The address of a Kafka, and the setting that gave it, so that errors can name that setting. */
export interface NamedBrokers {
  readonly brokers: string;
  readonly namedBy: string;
  /** The logins of a running stack. */
  readonly logins?: StackInfo['logins'];
}

/** Returns the Kafka of `--brokers`, else of KAFKA_BROKERS, else of the stack that `npm start` runs. Throws if there is none. */
export function namedBrokers(option: string | undefined): NamedBrokers {
  const { KAFKA_BROKERS } = process.env;
  if (option !== undefined) return checked({ brokers: option, namedBy: '--brokers' });
  if (KAFKA_BROKERS) return checked({ brokers: KAFKA_BROKERS, namedBy: 'KAFKA_BROKERS' });
  const file = stackFileOf('start');
  if (!existsSync(file)) {
    throw new Error(
      'no Kafka brokers are configured\nhint: use --brokers host:port,…, set KAFKA_BROKERS, or run npm start in this folder',
    );
  }
  const { brokers, logins } = JSON.parse(readFileSync(file, 'utf8')) as StackInfo;
  return { brokers, namedBy: '.local/stack.json', ...(logins ? { logins } : {}) };
}

/** Throws an Error that names the setting unless the brokers are `host:port,host:port`. */
export function requireBrokers(brokers: string, namedBy: string): void {
  if (!/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/.test(brokers)) {
    throw new Error(`${namedBy} must be host:port,host:port, not ${JSON.stringify(brokers)}`);
  }
}

function checked(named: NamedBrokers): NamedBrokers {
  requireBrokers(named.brokers, named.namedBy);
  return named;
}
