import { SecurityError } from '../../errors.ts';
import type { ParseFetch } from '../protocol/partition-errors.ts';
import { forKafkajs } from './security-faults.ts';

interface Asked {
  readonly groupId?: string;
  readonly topics?: readonly { readonly topic: string }[];
}

interface Denial extends Error {
  readonly type?: string;
}

type Request = (asked: Asked) => Promise<unknown>;
type Metadata = (topics?: readonly string[]) => Promise<unknown>;

/** The right that a request needs on its topics and on its group, by the name of kafkajs' method. */
const rights = {
  listOffsets: { topic: 'Describe' },
  findGroupCoordinator: { group: 'Describe' },
  joinGroup: { group: 'Read' },
  syncGroup: { group: 'Read' },
  heartbeat: { group: 'Read' },
  offsetFetch: { topic: 'Describe', group: 'Describe' },
  offsetCommit: { topic: 'Read', group: 'Read' },
} as const satisfies Record<string, { readonly topic?: string; readonly group?: string }>;

export const guardedRequests = Object.keys(rights) as (keyof typeof rights)[];

/** What the broker denies, in the words of its ACLs. */
export const deniedText = (right: string, type: 'topic' | 'group', name: string): string =>
  `Kafka denies ${right} on ${type} ${name}: an ACL is missing, see what the program \`acls\` prints`;

/** Says which right is missing; kafkajs says only that one is. */
export const nameDenied =
  (method: keyof typeof rights) =>
  (request: Request): Request =>
    async function (this: unknown, asked) {
      try {
        return await request.call(this, asked);
      } catch (error) {
        const { type } = error as Denial;
        const right: { readonly topic?: string; readonly group?: string } = rights[method];
        const topics = asked.topics?.map(({ topic }) => topic).join(', ');
        if (type === 'TOPIC_AUTHORIZATION_FAILED') throw denied(type, right.topic, 'topic', topics);
        if (type === 'GROUP_AUTHORIZATION_FAILED') throw denied(type, right.group, 'group', asked.groupId);
        throw error;
      }
    };

const coordinatorFaults = new Map<string, Error>();

/** Keeps what a search for the coordinator of a group met, for `tellCoordinatorFault`. */
export const keepCoordinatorFault = (find: Request): Request =>
  async function (this: unknown, asked) {
    try {
      return await find.call(this, asked);
    } catch (error) {
      if ((error as Error).cause instanceof SecurityError) coordinatorFaults.set(asked.groupId ?? '', error as Error);
      throw error;
    }
  };

/** kafkajs asks one broker after the other, forgets what they say, and is never well again after it has found none. */
export const tellCoordinatorFault = (find: Request): Request =>
  async function (this: unknown, asked) {
    const group = asked.groupId ?? '';
    try {
      return await find.call(this, asked);
    } catch (error) {
      throw coordinatorFaults.get(group) ?? error;
    } finally {
      coordinatorFaults.delete(group);
    }
  };

const topicDenied = 29;

/** The same of the answer to a fetch, which says it of each partition. */
export const nameDeniedPartitions =
  (parse: ParseFetch): ParseFetch =>
  async (answer) => {
    const of = answer.responses.find(({ partitions }) => partitions.some(({ errorCode }) => errorCode === topicDenied));
    if (of) throw denied('TOPIC_AUTHORIZATION_FAILED', 'Read', 'topic', of.topicName);
    return parse(answer);
  };

/** The same of a request for the metadata of topics; asked for all, a broker leaves out those that it denies. */
export const nameDeniedTopics = (metadata: Metadata): Metadata =>
  async function (this: unknown, topics = []) {
    try {
      return await metadata.call(this, topics);
    } catch (error) {
      const { type } = error as Denial;
      if (type !== 'TOPIC_AUTHORIZATION_FAILED') throw error;
      throw denied(
        type,
        'Describe',
        'topic',
        (await deniedOf(topics, (topic) => metadata.call(this, [topic]))).join(', '),
      );
    }
  };

async function deniedOf(topics: readonly string[], ask: (topic: string) => Promise<unknown>): Promise<string[]> {
  const denials: string[] = [];
  for (const topic of topics) {
    const { type } = await ask(topic).then(
      () => ({ type: undefined }),
      (error: Denial) => error,
    );
    if (type === 'TOPIC_AUTHORIZATION_FAILED') denials.push(topic);
  }
  return denials;
}

const denied = (type: string, right = 'access', kind: 'topic' | 'group', name = 'that it does not name') =>
  Object.assign(forKafkajs(new SecurityError(deniedText(right, kind, name))), { type });
