import type { KafkaLog } from './settings.ts';

const nothing = (): void => undefined;

/** Returns a log for commands: prints each warning once, and none of kafkajs, as a command reports an outage itself. */
export function programLog(print: (line: string) => void): KafkaLog {
  const printed = new Set<string>();
  const warn = (message: string): void => {
    if (!message.startsWith('kafkajs') && !printed.has(message)) print(message);
    printed.add(message);
  };
  return { debug: nothing, info: nothing, warn, error: warn };
}
