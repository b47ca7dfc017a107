import { compareTopics, createTopics, growthFaults } from '@pagebridge/kafka';
import { countIn, say } from '@pagebridge/programs';
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

Prints JSON: the topics that were created and that existed, and how they differ from the topic cards, each with its cure.
The exit code is 1 if one is wrong: it loses records, or the order of a key. Tries for half a minute to reach a broker.
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
    .description('Creates missing topics, with their dead letters; changes no existing topic.')
    .addOption(sourceOrgsOption('also create'))
    .option(
      '--replication-factor <n>',
      'replicas of each new topic; default 3, or one for each of fewer brokers',
      (text) => countIn('--replication-factor', text, 1, 999),
    )
    .option(
      '--check',
      'only look for topics that have records and another number of partitions, before Strimzi adds some',
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
  say(`${check ? 'Checked' : 'Created what was missing in'} ${kafka.where}.`);
  process.stdout.write(`${jsonOf({ ...report, wrong, warnings: textsOf(false) }, 2)}\n`);
  return wrong.length === 0 ? exitCodes.done : exitCodes.failed;
}
