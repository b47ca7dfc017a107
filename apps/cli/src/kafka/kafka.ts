import { type KafkaSettings, namedKafka, programLog } from '@pagebridge/kafka';
import { orUsage, say } from '@pagebridge/programs';
import { useProxy } from '@pagebridge/proxy';
import { Option } from 'commander';
import { type ChosenKafka, chosenKafka } from '../contexts/chosen-context.ts';

/** Returns the option that names the brokers. */
export const brokersOption = (): Option =>
  new Option(
    '--brokers <list>',
    'host:port,…; default: those of --context, KAFKA_BROKERS, the context in use, or npm start',
  );

/** How a command reaches Kafka, and in words where that is. */
export type FoundKafka = KafkaSettings & Pick<ChosenKafka, 'where' | 'context' | 'stack'>;

/** Returns how a command reaches Kafka: as this user, if the stack of npm start requires logins. Throws UsageError. */
export function kafkaOf(user: string, option: string | undefined): FoundKafka {
  orUsage(useProxy);
  const { where, brokers, login, ...its } = chosenKafka(user, option, process.env);
  const kafka = orUsage(() => namedKafka(where, brokers, login));
  return { ...kafka, ...its, where: `${where} (${brokers})`, clientId: `pagebridge-${user}`, log: programLog(say) };
}

/** Returns how a command that only reads reaches Kafka; it gives up soon, since a person waits. */
export const inspectedKafka = (brokers: string | undefined): FoundKafka => ({
  ...kafkaOf('inspect', brokers),
  connectTimeoutMs: 5000,
});
