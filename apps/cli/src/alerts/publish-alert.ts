import { randomUUID } from 'node:crypto';
import { type Alert, Alerts, orgAlertTopicOf, SourceOrgs } from '@pagebridge/contracts';
import {
  type ConsumedRecord,
  type KafkaSettings,
  Publisher,
  partitionFor,
  RangeReader,
  SecurityError,
  topicsSeen,
} from '@pagebridge/kafka';
import { say, UsageError } from '@pagebridge/process';
import { alertIdentity } from '@pagebridge/vocabulary';
import { exitCodes } from '../exit-codes.ts';
import { type Options, orgIn, textIn } from '../http/act.ts';
import { type FoundKafka, inspectedKafka, kafkaOf } from '../kafka/kafka.ts';
import type { Item } from '../output/items.ts';

/** Writes an alert to the topic that is read for its org. Throws UsageError if it violates the contract. */
export async function publishAlert(options: Options, given: Item): Promise<number> {
  const brokers = textIn(options, 'brokers');
  const kafka = kafkaOf('alert-producers', brokers);
  // Checked below: what a file gives may be of any form.
  const alert = { sourceOrg: given.sourceOrg ?? orgOf(options, kafka), ...given } as unknown as Alert;
  const key = alertIdentity(alert.sourceOrg, alert.alertKey);
  const record = Alerts.encode(key, { id: randomUUID(), source: '//pagebridge/cli', time: alert.occurredAt }, alert);
  const read = Alerts.decode(record);
  if (!read.ok) throw new UsageError(`alert not sent: ${read.detail}`);
  const org = alert.sourceOrg;
  const topic = textIn(options, 'topic') ?? (await alertTopicOf(org, inspectedKafka(brokers)));
  const publisher = new Publisher({ ...kafka, connectTimeoutMs: 5000 });
  await publisher.start();
  try {
    await publisher.publish([{ ...record, topic }]);
  } finally {
    await publisher.close();
  }
  say(`Sent to ${topic} of ${kafka.where}.`);
  say(`To follow it, run: pagebridge trace ${alert.alertKey} --org ${org} --kafka`);
  return exitCodes.done;
}

/** Returns the org that is named, or that of the context which names the Kafka: in another Kafka it may be somebody else. Throws UsageError. */
function orgOf(options: Options, { where, context }: FoundKafka): string {
  const org = orgIn(options) ?? context?.org;
  if (org === undefined)
    throw new UsageError(`source org is missing: no context names it for the Kafka of ${where}\nhint: use --org`);
  return org;
}

/** Returns the topic to which producers of an org write: its own one as soon as it is read, else the shared one. */
async function alertTopicOf(org: string, settings: KafkaSettings): Promise<string> {
  const { topic } = SourceOrgs.card;
  const reader = new RangeReader(settings);
  let last: ConsumedRecord | undefined;
  try {
    const count = (await topicsSeen(settings)).get(topic);
    if (count === undefined)
      throw new UsageError(`cannot find the alert topic: ${topic} is missing or not readable\nhint: use --topic`);
    await reader.readAll(topic, partitionFor(org, count), (record) => {
      if (String(record.key) === org) last = record;
    });
  } catch (error) {
    if (!(error instanceof SecurityError)) throw error;
    throw new UsageError(
      `cannot find the alert topic: the settings of ${org} are not readable (${error.message})\nhint: use --topic`,
    );
  } finally {
    await reader.stop();
  }
  const read = last?.value ? SourceOrgs.dataOf(last) : undefined;
  if (read?.ok === false)
    throw new UsageError(`cannot find the alert topic: the settings of ${org} are invalid\nhint: use --topic`);
  return (read?.data.alertTopic ?? 'shared') === 'shared' ? Alerts.card.topic : orgAlertTopicOf(org);
}
