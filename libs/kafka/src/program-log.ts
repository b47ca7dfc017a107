import type { KafkaLog } from './settings.ts';

const nothing = (): void => undefined;

/** Returns a log for commands: prints each warning once, and none of kafkajs, as a command reports an outage itself. */
export function programLog(print: (line: string) => void): KafkaLog {
  const printed = new Set<string>();
  const warn = (message: string, { detail }: { readonly detail?: unknown } = {}): void => {
    const isShown = !message.startsWith('kafkajs') && !printed.has(message);
    if (isShown) print(typeof detail === 'string' ? `${message}: ${detail}` : message);
    printed.add(message);
  };
  return { debug: nothing, info: nothing, warn, error: warn };
}
