import { SecurityError } from '../../errors.ts';
import type { ParseFetch } from '../patches/partition-errors.ts';
import { forKafkajs } from './security-faults.ts';

interface RequestData {
  readonly groupId?: string;
  readonly topics?: readonly { readonly topic: string }[];
}

interface Denial extends Error {
  readonly type?: string;
}

type Request = (data: RequestData) => Promise<unknown>;
type Metadata = (topics?: readonly string[]) => Promise<unknown>;

/** The right that each request needs on its topics and on its group, by the name of the method of kafkajs. */
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

/** Describes what the broker denies, in the terms of its ACLs. */
export const deniedText = (right: string, type: 'topic' | 'group', name: string): string =>
  `Kafka denies ${right} on ${type} ${name}: an ACL is missing; compare it with the output of \`pagebridge acls\``;

const topicDenied = 'TOPIC_AUTHORIZATION_FAILED';

/** Returns what an error of a topic is to a client that needs this right on it: one for an operator, or else its name. */
export const topicFaultOf = (
  error: string,
  right: 'Describe' | 'Read' | 'Write',
  topic: string,
): SecurityError | string => (error === topicDenied ? new SecurityError(deniedText(right, 'topic', topic)) : error);

/** Wraps a request, so that its error names the missing right; the error of kafkajs does not. */
export const nameDenied =
  (method: keyof typeof rights) =>
  (request: Request): Request =>
    async function (this: unknown, data) {
      try {
        return await request.call(this, data);
      } catch (error) {
        const { type } = error as Denial;
        const right: { readonly topic?: string; readonly group?: string } = rights[method];
        const topics = data.topics?.map(({ topic }) => topic).join(', ');
        if (type === topicDenied) throw denied(type, right.topic, 'topic', topics);
        if (type === 'GROUP_AUTHORIZATION_FAILED') throw denied(type, right.group, 'group', data.groupId);
        throw error;
      }
    };

const coordinatorFaults = new Map<string, Error>();

/** Remembers the security fault in a search for the coordinator of a group, for `throwCoordinatorFault`. */
export const rememberCoordinatorFault = (find: Request): Request =>
  async function (this: unknown, data) {
    try {
      return await find.call(this, data);
    } catch (error) {
      if ((error as Error).cause instanceof SecurityError) coordinatorFaults.set(data.groupId ?? '', error as Error);
      throw error;
    }
  };

/**
 * Throws the remembered fault: kafkajs drops the errors of the brokers it asks. Without a fault no broker knows the
 * coordinator yet, for example while brokers start. kafkajs calls that error final, and would end the consumer.
 */
export const throwCoordinatorFault = (find: Request): Request =>
  async function (this: unknown, data) {
    const group = data.groupId ?? '';
    try {
      return await find.call(this, data);
    } catch (error) {
      const isUnknownYet = (error as Error).name === 'KafkaJSGroupCoordinatorNotFound';
      throw coordinatorFaults.get(group) ?? (isUnknownYet ? Object.assign(error as Error, { retriable: true }) : error);
    } finally {
      coordinatorFaults.delete(group);
    }
  };

const topicDeniedCode = 29;

/** Like `nameDenied`, for a fetch, whose answer has an error for each partition. */
export const nameDeniedPartitions =
  (parse: ParseFetch): ParseFetch =>
  async (answer) => {
    const of = answer.responses.find(({ partitions }) =>
      partitions.some(({ errorCode }) => errorCode === topicDeniedCode),
    );
    if (of) throw denied(topicDenied, 'Read', 'topic', of.topicName);
    return parse(answer);
  };

/** Like `nameDenied`, for a request for the metadata of topics. An answer for all topics omits the denied ones. */
export const nameDeniedTopics = (metadata: Metadata): Metadata =>
  async function (this: unknown, topics = []) {
    try {
      return await metadata.call(this, topics);
    } catch (error) {
      const { type } = error as Denial;
      if (type !== topicDenied) throw error;
      throw denied(
        type,
        'Describe',
        'topic',
        (await deniedOf(topics, (topic) => metadata.call(this, [topic]))).join(', '),
      );
    }
  };

async function deniedOf(topics: readonly string[], request: (topic: string) => Promise<unknown>): Promise<string[]> {
  const denials: string[] = [];
  for (const topic of topics) {
    const { type } = await request(topic).then(
      () => ({ type: undefined }),
      (error: Denial) => error,
    );
    if (type === topicDenied) denials.push(topic);
  }
  return denials;
}

const denied = (type: string, right = 'access', kind: 'topic' | 'group', name = '(not named)') =>
  Object.assign(forKafkajs(new SecurityError(deniedText(right, kind, name))), { type });
