import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { TopicDefinition } from '../driver/topics.ts';

/** How a topic differs from its definition, with the cure. `isLoss`: it loses records or their order. */
export interface TopicFault {
  readonly topic: string;
  readonly isLoss: boolean;
  readonly text: string;
}

/** What a setting does if it differs; undefined: no harm. Settings that are not listed, as of compaction, only cost disk or time. */
const consequences: Readonly<Record<string, (wanted: string, actual: string) => string | undefined>> = {
  'cleanup.policy': (wanted) =>
    wanted === 'compact'
      ? 'the topic deletes keys that are not written again'
      : 'the topic deletes records before they are read',
  'message.timestamp.type': () => 'the age of a record depends on the clock of its producer',
  'retention.ms': (wanted, actual) =>
    actual === '-1' || Number(actual) > Number(wanted) ? undefined : 'records are deleted too early',
};
export const comparedSettings = Object.keys(consequences);

const alter = '--bootstrap-server $KAFKA_BROKERS --command-config $KAFKA_ADMIN_CONFIG --alter --topic';

export const settingFaults = ({ topic, config }: TopicDefinition, values?: ReadonlyMap<string, string>): TopicFault[] =>
  Object.entries(config).flatMap(([name, wanted]) => {
    const actual = values?.get(name) ?? wanted;
    const consequence = actual === wanted ? undefined : consequences[name]?.(wanted, actual);
    const cure = `run kafka-configs.sh ${alter} ${topic} --add-config ${name}=${wanted}; or with Strimzi, set spec.config of its KafkaTopic`;
    const text = `${topic} has ${name}=${actual} instead of ${wanted}: ${consequence}; ${cure}`;
    return consequence === undefined ? [] : [{ topic, isLoss: name === 'cleanup.policy', text }];
  });

export const partitionFaults = (
  present: ReadonlyMap<string, number | undefined>,
  wanted: readonly Pick<TopicDefinition, 'topic' | 'partitions'>[],
): TopicFault[] =>
  wanted.flatMap(({ topic, partitions }) => {
    const actual = present.get(topic) ?? partitions;
    // A dead letter keeps its partition only if that exists: its topic may have any number of them.
    if (actual === partitions || topic.endsWith(deadLetterTopicOf(''))) return [];
    const grow = `if it has no records, run kafka-topics.sh ${alter} ${topic} --partitions ${partitions}; else `;
    const cure = `${actual < partitions ? grow : ''}recreate it (docs/operate.md, Topics)`;
    const text = `${topic} has ${actual} partitions instead of ${partitions}: records of a key would not stay in order; ${cure}`;
    return [{ topic, isLoss: true, text }];
  });
