import { BrokerUnreachableError, SecurityError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { connectWithin } from './client.ts';
import { addressOf } from './driver.ts';
import { KafkajsDriver } from './kafkajs-driver.ts';
import type { TopicRight } from './protocol/topic-rights.ts';
import { deniedText } from './security/denied-operations.ts';

/** Throws a SecurityError that names every right on these topics that this client lacks. */
export async function requireRights(
  settings: KafkaSettings,
  wanted: Readonly<Record<string, readonly TopicRight[]>>,
): Promise<void> {
  const granted = await connectWithin(settings, () => rightsOf(settings, Object.keys(wanted)));
  const denied = Object.entries(wanted).flatMap(([topic, rights]) =>
    rights.filter((right) => !granted.get(topic)?.includes(right)).map((right) => deniedText(right, 'topic', topic)),
  );
  if (denied.length > 0) throw new SecurityError(denied.join('; '));
}

async function rightsOf(settings: KafkaSettings, topics: readonly string[]) {
  const driver = new KafkajsDriver(settings);
  let failure: unknown;
  for (const broker of settings.brokers) {
    try {
      const connection = await driver.connect(addressOf(broker));
      return await connection.rights(topics).finally(() => connection.reset());
    } catch (error) {
      failure = error;
    }
  }
  throw new BrokerUnreachableError(settings.brokers, failure);
}
