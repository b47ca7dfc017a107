import type { KafkaLog, KafkaSettings } from '@pagebridge/kafka';
import { countIn, orUsage, say, UsageError } from '@pagebridge/process';
import { useProxy } from '@pagebridge/process/proxy';
import { Option } from 'commander';
import { type Chosen, type ChosenKafka, chosenKafka } from '../contexts/chosen-context.ts';
import { namedKafka } from './named-kafka.ts';

/** Returns the option that names the brokers. */
export const brokersOption = (): Option =>
  new Option(
    '--brokers <list>',
    'Kafka brokers (host:port,…); default, in order: --context, KAFKA_BROKERS, current context, npm start',
  );

/** How a command reaches Kafka, and in words where that is. */
export type FoundKafka = KafkaSettings & Pick<ChosenKafka, 'where' | 'context' | 'stack'>;

/** Returns how a command reaches Kafka: as this user, if the stack of npm start requires logins. Throws UsageError. */
export function kafkaOf(user: string, option: string | undefined): FoundKafka {
  orUsage(useProxy);
  const { where, brokers, login, ...its } = chosenKafka(user, option, process.env);
  const kafka = orUsage(() => namedKafka(where, brokers, login));
  const maxDecompressedBytes =
    countIn('KAFKA_MAX_BATCH_MIB', process.env.KAFKA_MAX_BATCH_MIB || '64', 1, 2048) * 2 ** 20;
  const clientId = `pagebridge-${user}`;
  return { ...kafka, ...its, where: `${where} (${brokers})`, clientId, log: programLog(), maxDecompressedBytes };
}

/** Returns the Kafka beside the services of a command. Throws UsageError if the environment names one for services that are only in use: they may be of another installation. */
export function kafkaBeside({ name, isNamed }: Chosen, user: string): FoundKafka {
  const found = kafkaOf(user, undefined);
  if (found.context || isNamed) return { ...found, connectTimeoutMs: 10_000 };
  const which = `use --context ${name}, or --context environment for the addresses in variables`;
  throw new UsageError(`${found.where} may not belong to the current context ${name}\nhint: ${which}`);
}

/** Returns how a command that only reads reaches Kafka; it gives up soon, since a person waits. */
export const inspectedKafka = (brokers: string | undefined): FoundKafka => ({
  ...kafkaOf('inspect', brokers),
  connectTimeoutMs: 5000,
});

const nothing = (): void => undefined;

/** Returns a log that prints each warning once, and none of kafkajs, as a command reports an outage itself. */
function programLog(): KafkaLog {
  const printed = new Set<string>();
  const warn = (message: string, { detail }: { readonly detail?: unknown } = {}): void => {
    const isShown = !message.startsWith('kafkajs') && !printed.has(message);
    if (isShown) say(typeof detail === 'string' ? `${message}: ${detail}` : message);
    printed.add(message);
  };
  return { debug: nothing, info: nothing, warn, error: warn };
}
