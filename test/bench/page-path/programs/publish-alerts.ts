import { Alerts } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { type KafkaAccess, settingsOf } from '../../../harness/kafka-access.ts';
import { type AlertParts, alertRecord } from '../alerts.ts';
import { type Pace, paced } from '../paced.ts';

/** The alerts to publish, each of its own monitor, to these teams in turn. */
export interface PublishInput extends Pace, Pick<AlertParts, 'transition' | 'characters' | 'subject'> {
  readonly kafka: KafkaAccess;
  /** The topic, if it is not that of alerts. */
  readonly topic?: string;
  readonly sourceOrg: string;
  /** The prefix of the alert keys; a number follows. */
  readonly monitor: string;
  readonly teams: readonly string[];
}

const [, , text = ''] = process.argv;
const input: PublishInput = JSON.parse(text);
const { kafka, topic = Alerts.card.topic, monitor, teams, count, perSecond, ...same } = input;
const publisher = new Publisher(settingsOf(kafka, 'alert-producer'));
await publisher.start();
const atOnce = 250;
const sent = await paced({ count, perSecond }, async (due, atMs) => {
  const record = (number: number) => {
    const alertKey = `${monitor}-${number}:host:backend`;
    return { ...alertRecord({ ...same, alertKey, team: teams[number % teams.length] ?? '' }, atMs), topic };
  };
  const parts = Array.from({ length: Math.ceil(due.length / atOnce) }, (_, part) =>
    due.slice(part * atOnce, (part + 1) * atOnce),
  );
  for (const part of parts) await publisher.publish(part.map(record));
});
await publisher.close();
process.stdout.write(`${JSON.stringify(sent)}\n`);
