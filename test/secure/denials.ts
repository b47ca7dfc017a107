import {
  BatchConsumer,
  committedOffsets,
  compareTopics,
  createTopics,
  done,
  type KafkaSettings,
  requireRights,
  requireTopics,
  type TopicRight,
} from '@pagebridge/kafka';
import { type Acl, topicDefinitions } from '@pagebridge/topics';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import kafkajs from 'kafkajs';

/** Somebody with lines on the list. */
export interface Principal {
  readonly lines: readonly Acl[];
  readonly settings: KafkaSettings;
  /** Some of its lines may be of topics that these own. */
  readonly sourceOrgs: readonly string[];
}

/** `Read topic`, for example. */
export const kindOf = ({ operation, resourceType }: Acl): string => `${operation} ${resourceType}`;

export const namesOf = ({ lines }: Pick<Principal, 'lines'>, kind: string): string[] =>
  lines.filter((line) => kindOf(line) === kind).map(({ resourceName }) => resourceName);

/** What of its lines of this kind is denied when it does what they allow, as our programs do it. */
export async function denialsOf(principal: Principal, kind: string): Promise<string[]> {
  const names = namesOf(principal, kind);
  const told = await attempts[kind]?.(principal, names);
  if (told === undefined) throw new Error(`nobody knows how to ${kind}`);
  const denials = told.matchAll(/Kafka denies \w+ on (?:topic|group) ([^:]+):/g);
  const denied = [...denials].flatMap(([, list = '']) => list.split(', '));
  if (told !== '' && denied.length === 0) throw new Error(told);
  const isWhole = (name: string) => !kind.endsWith(' group') && !isPrefix(principal, name);
  return names.filter((name) => denied.some((it) => (isWhole(name) ? it === name : it.startsWith(name))));
}

const isPrefix = ({ lines }: Pick<Principal, 'lines'>, name: string): boolean =>
  lines.some(({ resourceName, patternType }) => resourceName === name && patternType === 'prefixed');

/** Resolves with what it was told, or with nothing where all was allowed. */
type Attempt = (principal: Principal, names: readonly string[]) => Promise<string>;

const told = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => '',
    ({ message }: Error) => message,
  );

const has =
  (right: TopicRight): Attempt =>
  (principal, names) => {
    // The topics that begin so have the names of their orgs.
    const topics = names.flatMap((name) =>
      isPrefix(principal, name) ? principal.sourceOrgs.map((org) => name + org) : [name],
    );
    return told(requireRights(principal.settings, Object.fromEntries(topics.map((topic) => [topic, [right]]))));
  };

const withGroups: Attempt = async (principal, groups) => {
  const all = groups.map((group) =>
    isPrefix(principal, group) ? subscribe(principal, group) : consume(principal, group),
  );
  return (await Promise.all(all)).filter(Boolean).join('; ');
};

const attempts: Readonly<Record<string, Attempt>> = {
  'Read topic': has('Read'),
  'Write topic': has('Write'),
  'Describe topic': ({ settings }, topics) => told(requireTopics(settings, topics)),
  'DescribeConfigs topic': async ({ settings }, topics) => {
    const warned: string[] = [];
    const log = { ...settings.log, warn: (line: string) => void warned.push(line) };
    const definitions = topics.map((topic) => ({ topic, partitions: 1, config: {} }));
    await compareTopics({ ...settings, log }, definitions);
    return warned.join('; ');
  },
  'Create topic': ({ settings, sourceOrgs }, topics) =>
    told(
      createTopics(
        settings,
        topicDefinitions(1, sourceOrgs).filter(({ topic }) => topics.includes(topic)),
      ),
    ),
  'Read group': withGroups,
  'Describe group': async ({ settings }, groups) => {
    const all = groups.map((group) => told(committedOffsets(settings, group, 'paging.alerts.v1')));
    return (await Promise.all(all)).filter(Boolean).join('; ');
  },
};

/** Consumes what it handles in this group. */
async function consume(principal: Principal, group: string): Promise<string> {
  const written = namesOf(principal, 'Write topic');
  const handled = namesOf(principal, 'Read topic').filter((topic) => written.includes(deadLetterTopicOf(topic)));
  const fatal = Promise.withResolvers<never>();
  const consumer = new BatchConsumer(principal.settings, {
    group,
    topics: handled.slice(0, 1),
    handlers: async () => done,
    onFatal: fatal.reject,
  });
  // A start may succeed and be told of it later; what the group allows is known once it is joined.
  const answer = await told(Promise.race([consumer.start(), fatal.promise]));
  await consumer.stop();
  return answer;
}

/** Consumes in a group whose name begins so, as those do who are no program of ours. */
async function subscribe({ settings, ...principal }: Principal, prefix: string): Promise<string> {
  const { tls, sasl } = settings.security;
  if (sasl?.mechanism !== 'scram-sha-512') throw new Error('the users of this broker log in by SCRAM');
  const { brokers, clientId, log } = settings;
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ssl: tls?.(log) ?? false,
    sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password() },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const consumer = kafka.consumer({ groupId: `${prefix}-spec` });
  const { promise, resolve } = Promise.withResolvers<string>();
  consumer.on(consumer.events.GROUP_JOIN, () => resolve(''));
  consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error.message));
  await consumer.connect();
  await consumer.subscribe({ topics: namesOf(principal, 'Read topic').slice(0, 1) });
  await consumer.run({ eachMessage: async () => undefined });
  const answer = await promise;
  await consumer.disconnect();
  return answer;
}
