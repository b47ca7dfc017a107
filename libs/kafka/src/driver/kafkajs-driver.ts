import kafkajs, { type DescribeConfigResponse, type Logger } from 'kafkajs';
import { KafkaError, SecurityError } from '../errors.ts';
import type { KafkaLog, KafkaSettings } from '../settings.ts';
import { clientOf, loginOf, socketTo } from './client.ts';
import type {
  Address,
  BrokerConnection,
  ClusterMetadata,
  Driver,
  FetchedPart,
  FetchOptions,
  FetchPart,
  OffsetTime,
  PartitionAnswer,
  PartitionOffset,
  ProduceOptions,
  ProducePart,
  ProducerIdentity,
  TopicConfigs,
} from './driver.ts';
import {
  byTopic,
  clusterMetadata,
  type InitProducerIdAnswer,
  type MetadataAnswer,
  type OffsetsAnswer,
  type ProduceAnswer,
  timestampOf,
} from './kafkajs-answers.ts';
import {
  type Api,
  apiKeys,
  bodyOf,
  type Connection,
  ConnectionPool,
  createErrorFromCode,
  KafkajsBroker,
  nameOf,
  requests,
} from './kafkajs-internals.ts';
import type { ResettableSocket } from './network/socket.ts';
import {
  defaultMaxDecompressedBytes,
  type FetchAnswer,
  readFetchResponse,
  readUncommitted,
} from './protocol/fetch-response.ts';
import type { TopicPartition } from './protocol/fetched-record.ts';
import { encodeProduce } from './protocol/produce-request.ts';
import { encodeRightsRequest, readRightsAnswer, rightsVersion, type TopicRight } from './protocol/topic-rights.ts';
import { deniedText } from './security/denied-operations.ts';

const connectWithinMs = 3000;
const answerWithinMs = 3000;
// For an answer of megabytes; in addition to the time that the broker waits for records.
const fetchWithinMs = 10_000;
/** After this time the connection of a produce request is reset, and sends nothing more of it. */
export const produceWithinMs = 6000;

/** Opens single connections of kafkajs 2.2.4, without its pooling, retries and metadata. */
export class KafkajsDriver implements Driver {
  private readonly logger: Logger;

  constructor(private readonly settings: KafkaSettings) {
    // kafkajs logs at debug level here: the callers log failures, with their cause and in fewer lines.
    const debug: KafkaLog['debug'] = (message, fields) => settings.log.debug(message, fields);
    this.logger = clientOf({ ...settings, log: { debug, info: debug, warn: debug, error: debug } }).logger();
  }

  async connect(address: Address): Promise<KafkajsConnection> {
    const connection = new KafkajsConnection(address, this.settings, this.logger);
    await connection.connect();
    return connection;
  }
}

class KafkajsConnection implements BrokerConnection {
  private socket: ResettableSocket | undefined;
  private readonly connection: Connection;
  private readonly broker: KafkajsBroker;
  private readonly waiting = new Set<(error: Error) => void>();
  private isReset = false;

  constructor(address: Address, settings: KafkaSettings, logger: Logger) {
    const connectionPool = new ConnectionPool({
      ...address,
      ...loginOf(settings),
      clientId: settings.clientId,
      logger,
      connectionTimeout: connectWithinMs,
      requestTimeout: produceWithinMs,
      socketFactory: (request) => {
        this.socket = socketTo(settings, request);
        return this.socket.socket;
      },
    });
    [this.connection] = connectionPool.pool;
    this.broker = new KafkajsBroker({ connectionPool, logger, allowAutoTopicCreation: false });
  }

  get isOpen(): boolean {
    // A connection that must authenticate again counts as open: it does so before its next request.
    return !this.isReset && this.connection.isConnected();
  }

  connect(): Promise<void> {
    return this.within(connectWithinMs, 'the connection attempt', () => this.broker.connect());
  }

  async metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const request = { topics, allowAutoTopicCreation: false };
    return clusterMetadata(await this.send<MetadataAnswer>('Metadata', request, answerWithinMs));
  }

  rights(topics: readonly string[]): Promise<ReadonlyMap<string, readonly TopicRight[]>> {
    const encode = async () => bodyOf(encodeRightsRequest(topics));
    const overrides = { apiVersion: rightsVersion, encode };
    return this.send('Metadata', { topics: [] }, answerWithinMs, overrides, async (bytes) => readRightsAnswer(bytes));
  }

  async configs(topics: readonly string[], configNames: readonly string[]): Promise<TopicConfigs> {
    const resources = topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames }));
    const answer = await this.send<DescribeConfigResponse>('DescribeConfigs', { resources }, answerWithinMs);
    return new Map(
      answer.resources.map(({ resourceName, errorCode, configEntries }) => {
        const isDenied = nameOf(errorCode) === 'TOPIC_AUTHORIZATION_FAILED';
        return [resourceName, isDenied ? undefined : new Map(configEntries.map((e) => [e.configName, e.configValue]))];
      }),
    );
  }

  async initProducerId(): Promise<ProducerIdentity> {
    const request = { transactionalId: null, transactionTimeout: 60_000 };
    const { errorCode, ...identity } = await this.send<InitProducerIdAnswer>('InitProducerId', request, answerWithinMs);
    if (nameOf(errorCode) === 'CLUSTER_AUTHORIZATION_FAILED')
      throw new SecurityError(deniedText('Write', 'topic', '*'));
    if (errorCode !== 0) throw createErrorFromCode(errorCode);
    return identity;
  }

  async produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]> {
    const encode = async () => bodyOf(await encodeProduce(parts, options));
    const answer = await this.send<ProduceAnswer>('Produce', {}, produceWithinMs, { encode });
    return answer.topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, errorCode }) => ({ topic: topicName, partition, error: nameOf(errorCode) })),
    );
  }

  async fetch(parts: readonly FetchPart[], options: FetchOptions): Promise<readonly FetchedPart[]> {
    const { maxWaitMs, maxBytes, maxPartitionBytes, maxDecompressedBytes = defaultMaxDecompressedBytes } = options;
    const topics = byTopic(
      parts.map(({ offset, ...of }) => ({ ...of, fetchOffset: offset, maxBytes: maxPartitionBytes })),
    );
    const request = { maxWaitTime: maxWaitMs, minBytes: 1, maxBytes, isolationLevel: readUncommitted, topics };
    const decode = (bytes: Buffer) => readFetchResponse(bytes, maxDecompressedBytes);
    const answer = await this.send<FetchAnswer>('Fetch', request, maxWaitMs + fetchWithinMs, undefined, decode);
    return answer.responses.flatMap(({ topicName, partitions }) =>
      partitions.map(({ errorCode, highWatermark, ...its }) => {
        return { ...its, topic: topicName, error: nameOf(errorCode), highWatermark: Number(highWatermark) };
      }),
    );
  }

  async offsets(partitions: readonly TopicPartition[], time: OffsetTime): Promise<readonly PartitionOffset[]> {
    const topics = byTopic(partitions.map((each) => ({ ...each, timestamp: timestampOf(time) })));
    const request = { isolationLevel: readUncommitted, topics };
    const answer = await this.send<OffsetsAnswer>('ListOffsets', request, answerWithinMs);
    return answer.responses.flatMap(({ topic, partitions: ofTopic }) =>
      ofTopic.map(({ partition, errorCode, offset, timestamp }) => {
        return { topic, partition, error: nameOf(errorCode), offset: Number(offset), timestamp: Number(timestamp) };
      }),
    );
  }

  reset(error: Error = new KafkaError('KAFKA.CLOSED', true, 'The connection was reset')): void {
    if (this.isReset) return;
    this.isReset = true;
    this.socket?.reset();
    for (const reject of this.waiting) reject(error);
    this.connection.rejectRequests(error);
    // No request is pending any more, so kafkajs disconnects at once.
    void this.connection.disconnect();
  }

  /** Sends a request of kafkajs. `overrides` replaces parts of it, `decodeResponse` the decoder of its answer. */
  private send<T>(
    api: Api,
    data: object,
    withinMs: number,
    overrides?: { readonly apiVersion?: number; encode(): Promise<object> },
    decodeResponse?: (bytes: Buffer) => Promise<unknown>,
  ): Promise<T> {
    return this.within(withinMs, `the request ${api}`, () => {
      // kafkajs would still send over a connection that it is closing, and no answer would arrive.
      if (!this.isOpen) throw new KafkaError('KAFKA.CLOSED', true, 'The connection is closed');
      const { request, response } = this.broker.lookupRequest(apiKeys[api], requests[api])(data);
      // `parse` of kafkajs is not used: it throws the first error of any partition, and drops all other answers.
      const decode = decodeResponse ?? ((bytes: Buffer) => response.decode(bytes));
      return this.connection.send({
        request: { ...request, ...overrides },
        response: { decode, parse: async (answer: T) => answer },
        requestTimeout: withinMs,
      });
    });
  }

  // Without this timeout, kafkajs would delay a throttled request for as long as the broker asks.
  private async within<T>(ms: number, operation: string, start: () => Promise<unknown>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const late = () =>
      this.reset(new KafkaError('KAFKA.BROKER_UNREACHABLE', true, `No answer to ${operation} within ${ms} ms`));
    const timer = setTimeout(late, ms);
    this.waiting.add(reject);
    try {
      start().then(resolve, reject);
      return (await promise) as T;
    } catch (error) {
      this.reset();
      throw error;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(reject);
    }
  }
}
