import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '@pagebridge/contracts';
import { namedBrokers } from './brokers.ts';
import { build } from './build.ts';
import { commandLine, orRefuse } from './command-line.ts';
import { root } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';

const help = `npm run -s alert -- [options] 'text with @oncall-handles': publish one alert event to Kafka

  --org ORG         source org (acme-us)
  --alert-key KEY   alert key, the same for the trigger and its recovery (monitor-1)
  --transition T    triggered, retriggered, renotified, warned, no-data or recovered (triggered)
  --origin O        monitor, incident-rule or manual; manual pages nobody (monitor)
  --priority P      P1 to P5
  --title TITLE     title; default: the first 100 characters of the text
  --topic TOPIC     topic; default: the alert topic of the org if its settings name one, otherwise paging.alerts.v1
  --brokers LIST    Kafka brokers (host:port,…); default: KAFKA_BROKERS, then the running npm start with the login
                    of alert-producers if it is secure
  --help            print this help

The text is required unless the transition is recovered. Exit code 2: the event violates its contract and was not sent.
`;
const { values, positionals } = commandLine(
  help,
  {
    brokers: { type: 'string' },
    topic: { type: 'string' },
    org: { type: 'string', default: 'acme-us' },
    'alert-key': { type: 'string', default: 'monitor-1' },
    transition: { type: 'string', default: 'triggered' },
    origin: { type: 'string', default: 'monitor' },
    priority: { type: 'string' },
    title: { type: 'string' },
  },
  true,
);
const [message = '', ...more] = positionals;
const named = orRefuse(() => {
  if (more.length > 0) throw new Error('too many arguments\nhint: put the text in quotes');
  if (message === '' && values.transition !== 'recovered')
    throw new Error('the text is missing\nhint: pass a text, or --transition recovered');
  return namedBrokers(values.brokers);
});

async function run(): Promise<number> {
  const progress = new Progress();
  if (!existsSync(join(root, 'libs/kafka/dist'))) await progress.step('building changed packages', build);
  const [{ Alerts }, { alertIdentity, mentionsIn }, { Publisher, partitionFor }, { kafkaSettings }, { alertTopicOf }] =
    await Promise.all([
      import('@pagebridge/contracts'),
      import('@pagebridge/vocabulary'),
      import('@pagebridge/kafka'),
      import('./stack/kafka-settings.ts'),
      import('./alert-topic.ts'),
    ]);
  const alert = alertOf(new Date().toISOString());
  const id = randomUUID();
  const key = alertIdentity(alert.sourceOrg, alert.alertKey);
  const record = Alerts.encode(key, { id, source: '//pagebridge/npm-run-alert', time: alert.occurredAt }, alert);
  const read = Alerts.decode(record);
  if (!read.ok) {
    process.stderr.write(`error: alert not sent: ${read.detail}\n`);
    return 2;
  }
  // alert-producers has no right to read settings.
  const reader = kafkaSettings(named, 'pagebridge-alert', 'page-routing');
  const topic = values.topic ?? (await alertTopicOf(alert.sourceOrg, reader).catch(withoutSettings));
  const publisher = new Publisher(kafkaSettings(named, 'pagebridge-alert', 'alert-producers'));
  await progress.step(`publishing to the Kafka of ${named.namedBy}, ${named.brokers}`, async () => {
    await publisher.start();
    await publisher.publish([{ ...record, topic }]);
  });
  await publisher.close();
  const place = `${topic}, partition ${partitionFor(key, Alerts.card.partitions)}, key ${key}`;
  process.stdout.write(`${alert.transition} published to ${place}, event ${id}\n`);
  if (alert.transition !== 'recovered' && mentionsIn(message).length === 0)
    process.stderr.write('warning: the text has no @oncall- handle, so the alert pages nobody\n');
  return 0;
}

function withoutSettings(error: Error): never {
  throw new Error(
    `cannot find the alert topic: the settings of ${values.org} are not readable (${error.message})\nhint: use --topic`,
  );
}

function alertOf(occurredAt: string): Alert {
  const { org, 'alert-key': key, transition, origin, priority, title } = values;
  const text = message || `${key} ${transition}`;
  return {
    sourceOrg: org,
    alertKey: key,
    transition: transition as Alert['transition'],
    origin: origin as Alert['origin'],
    title: title ?? [...text].slice(0, 100).join(''),
    message,
    ...(priority === undefined ? {} : { priority: priority as NonNullable<Alert['priority']> }),
    occurredAt,
  };
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
