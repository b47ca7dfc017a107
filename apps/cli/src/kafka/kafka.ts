import { type KafkaSettings, namedKafka, programLog } from '@pagebridge/kafka';
import { orUsage } from '@pagebridge/programs';
import { useProxy } from '@pagebridge/proxy';
import { Option } from 'commander';
import { say } from '../output/say.ts';

/** Returns the option that names the brokers. */
export const brokersOption = (): Option =>
  new Option('--brokers <list>', 'host:port,…; default KAFKA_BROKERS, else the stack of npm start');

/** Returns how a command reaches Kafka: as this user, if the stack of npm start requires logins. Throws UsageError. */
export function kafkaOf(user: string, brokers: string | undefined): KafkaSettings {
  orUsage(useProxy);
  const kafka = orUsage(() => namedKafka(user, brokers, process.env));
  return { ...kafka, clientId: `pagebridge-${user}`, log: programLog(say) };
}
