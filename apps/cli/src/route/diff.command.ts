import { Alerts, orgAlertTopicOf, ownerOf } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, RangeReader, topicsSeen } from '@pagebridge/kafka';
import { momentIn, say } from '@pagebridge/process';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { answered } from '../kafka/answered.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { fromFile } from '../output/from-file.ts';
import { printList } from '../output/items.ts';
import { type Form, outputOption } from '../output/output.ts';
import { readRegistry } from '../registry/read-registry.ts';
import { registryIn } from '../registry/registry-file.ts';
import { Differences } from './differences.ts';

const more = `
Examples:
  pagebridge registry export > changed.json && edit changed.json
  pagebridge route diff --registry changed.json --since 24h
  pagebridge route diff --registry changed.json --since 7d --org acme-us -o json

Each alert is routed twice as if it arrived now: with the registry in Kafka and with the changed one. Nothing is sent.
Exit code 1: some alerts would page differently; 3: no alerts to compare; 4: alert topics are not readable.
`;

interface Options {
  readonly registry: string;
  readonly since: string;
  readonly org?: string;
  readonly brokers?: string;
  readonly output: Form;
}

/** Returns the command `route diff`; `end` gets its exit code. */
export const diffCommand = (end: (code: number) => void): Command =>
  new Command('diff')
    .description('Compare whom the alerts in Kafka would page with a changed registry.')
    .requiredOption('--registry <file>', 'edited output of registry export')
    .option('--since <time>', 'only alerts after this time: RFC 3339 or an age (90s, 30m, 4h, 7d)', '24h')
    .option('--org <org>', 'only alerts of this source org')
    .addOption(brokersOption())
    .addOption(outputOption())
    .addHelpText('after', more)
    .action(async (options: Options) => end(await diff(options)));

async function diff({ registry, since, org, brokers, output }: Options): Promise<number> {
  const now = new Date();
  const sinceMs = momentIn('--since', since, now);
  const changed = fromFile('--registry', registry, registryIn);
  const settings = inspectedKafka(brokers);
  const tables = await readRegistry(settings);
  const differences = new Differences(tables, changed, now);
  const owned = [...tables.sourceOrgs.values()]
    .filter(({ sourceOrg, alertTopic = 'shared' }) => alertTopic !== 'shared' && sourceOrg === (org ?? sourceOrg))
    .map(({ sourceOrg }) => orgAlertTopicOf(sourceOrg));
  const unreadable = await replay(settings, sinceMs, org, owned, differences);
  printList(differences.all, look, output, (its) => ({ ...its, handle: its.handle || '(the whole alert)' }));
  const { alerts, differing, others } = differences;
  if (others > 0) say(`and ${others} more`);
  if (unreadable > 0) say(`${unreadable} unreadable alerts are skipped; they page nobody`);
  say(`${differing} of ${alerts} alerts since ${new Date(sinceMs).toISOString()} would page differently`);
  // An empty comparison is no proof.
  if (alerts === 0) return exitCodes.notFound;
  return differing === 0 ? exitCodes.done : exitCodes.failed;
}

/** Routes the alerts of the shared topic and of those that orgs own; returns how many cannot be read. */
async function replay(
  settings: KafkaSettings,
  sinceMs: number,
  org: string | undefined,
  owned: readonly string[],
  to: Differences,
): Promise<number> {
  const counts = await topicsSeen(settings);
  const unseen = [Alerts.card.topic, ...owned].filter((topic) => !counts.has(topic));
  if (unseen.length > 0) {
    const message = `cannot compare alerts: ${unseen.join(', ')} does not exist or is not readable for this user`;
    throw new CommandError(exitCodes.notAllowed, message);
  }
  const topics = [...counts.keys()].filter((topic) => topic === Alerts.card.topic || ownerOf(topic) !== undefined);
  const reader = new RangeReader(settings);
  let unreadable = 0;
  const take = (record: ConsumedRecord): void => {
    const read = Alerts.decode(record);
    if (!read.ok) unreadable += 1;
    else if (org === undefined || read.event.data.sourceOrg === org)
      to.add(read.event, record.topic, `${record.topic}/${record.partition}/${record.offset}`);
  };
  const isShown = process.stderr.isTTY === true;
  const progress = isShown ? setInterval(() => process.stderr.write(`\r${to.alerts} alerts `), 500) : undefined;
  try {
    const reads = topics.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) =>
        reader.readSince(topic, partition, sinceMs, take),
      ),
    );
    await answered(reader, Promise.all(reads));
    return unreadable + reader.undecodable;
  } finally {
    clearInterval(progress);
    if (isShown) process.stderr.write('\r\u001b[K');
    await reader.stop();
  }
}

const look = {
  columns: 'alerts sourceOrg handle now changed example.alertKey',
  wide: 'example.title example.record',
  names: ['handle'],
};
