import type { KafkaLog } from './settings.ts';

const nothing = (): void => undefined;

/** The log of a program that somebody watches: each message once, without kafkajs' lines of an outage, which is told at the end. */
export function programLog(say: (line: string) => void): KafkaLog {
  const said = new Set<string>();
  const warn = (message: string): void => {
    if (!message.startsWith('kafkajs') && !said.has(message)) say(message);
    said.add(message);
  };
  return { debug: nothing, info: nothing, warn, error: warn };
}
