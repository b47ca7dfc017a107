import { say } from '@pagebridge/process';
import { duration } from '@pagebridge/trace';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { printList } from '../output/items.ts';
import { type Form, outputOption } from '../output/output.ts';
import { shortNameOf } from './names.ts';
import { type GroupLag, type TopicState, topicStates } from './topic-states.ts';

const more = `
Examples:
  pagebridge topics ls
  pagebridge topics ls -o json | jq '.[] | select(.groups[]?.lagSeconds > 60) | .topic'

A compacted topic has fewer records than shown, because its offsets are counted. The lag of a consumer group is the number
of unread records, and the age of the oldest unread record in seconds.
`;

/** Returns the command `topics ls`; `end` gets its exit code. */
export const lsCommand = (end: (code: number) => void): Command =>
  new Command('ls')
    .description('List the topics with their records and the lag of each service.')
    .addOption(brokersOption())
    .addOption(outputOption())
    .addHelpText('after', more)
    .action(async ({ brokers, output }: { brokers?: string; output: Form }) => {
      const { topics, unseen } = await topicStates(inspectedKafka(brokers));
      printList(topics, look, output, rowAt(Date.now()));
      for (const topic of unseen) say(`warning: ${topic} does not exist or is not visible to this user`);
      end(exitCodes.done);
    });

const look = { columns: 'topic partitions records oldest newest groupLag', wide: 'name keptSince', names: ['name'] };

const rowAt =
  (now: number) =>
  ({ topic: name, kept, last, groups, ...its }: TopicState): object => ({
    ...{ ...its, name, topic: shortNameOf(name), groupLag: groups.map(lagText).join(', ') },
    ...{ oldest: ageOf(kept, now), newest: ageOf(last, now), keptSince: kept ?? '-' },
  });

const ageOf = (time: string | null, now: number): string =>
  time === null ? '-' : `${duration(Math.max(0, now - Date.parse(time)))} ago`;

function lagText({ group, lagRecords, lagSeconds }: GroupLag): string {
  if (lagRecords === null) return `${group} ?`;
  if (lagRecords === 0) return `${group} 0`;
  return `${group} ${lagRecords}${lagSeconds === null ? '' : ` (${duration(lagSeconds * 1000)})`}`;
}
