import { compareTopics, createTopics, growthFaults } from '@pagebridge/kafka';
import { countIn, say } from '@pagebridge/process';
import { topicDefinitions } from '@pagebridge/topics';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, kafkaOf } from '../kafka/kafka.ts';
import { jsonOf } from '../output/output.ts';
import { sourceOrgsOption } from './source-orgs.ts';

const more = `
Examples:
  pagebridge topics create
  pagebridge topics create --org acme-us --org acme-eu
  pagebridge topics create --brokers kafka-1:9092 --replication-factor 3
  pagebridge topics create --check

Prints JSON: the created and the existing topics, and each difference from the topic cards with a fix.
Exit code 1: a difference loses records or breaks the order of a key. Retries for 30 seconds to reach a broker.
`;

interface Options {
  readonly org?: readonly string[];
  readonly replicationFactor?: number;
  readonly check?: true;
  readonly brokers?: string;
}

/** Returns the command `topics create`; `end` gets its exit code. */
export const createCommand = (end: (code: number) => void): Command =>
  new Command('create')
    .description('Create missing topics and their dead-letter topics. Existing topics are not changed.')
    .addOption(sourceOrgsOption('also create'))
    .option(
      '--replication-factor <n>',
      'replicas of each new topic; default 3, or the number of brokers if that is lower',
      (text) => countIn('--replication-factor', text, 1, 999),
    )
    .option(
      '--check',
      'only report topics with records whose number of partitions differs; run this before Strimzi adds partitions',
    )
    .addOption(brokersOption())
    .addHelpText('after', more)
    .action(async (options: Options) => end(await create(options)));

async function create({ org, replicationFactor, check, brokers }: Options): Promise<number> {
  const definitions = topicDefinitions(replicationFactor, org);
  const kafka = kafkaOf('topics', brokers);
  const report = check ? {} : await createTopics(kafka, definitions);
  const faults = await (check ? growthFaults : compareTopics)(kafka, definitions);
  const textsOf = (isWrong: boolean) => faults.filter(({ isLoss }) => isLoss === isWrong).map(({ text }) => text);
  const wrong = textsOf(true);
  say(`${check ? 'Checked the topics of' : 'Created missing topics in'} ${kafka.where}.`);
  process.stdout.write(`${jsonOf({ ...report, wrong, warnings: textsOf(false) }, 2)}\n`);
  return wrong.length === 0 ? exitCodes.done : exitCodes.failed;
}
