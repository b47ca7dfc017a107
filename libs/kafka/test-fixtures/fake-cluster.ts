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
} from '../src/driver/driver.ts';
import type { TopicPartition } from '../src/driver/protocol/fetched-record.ts';
import type { TopicRight } from '../src/driver/protocol/topic-rights.ts';
import { FakeLog } from './fake-log.ts';

/** What happens to the records for one partition: one of these, or the name of an error, with nothing written. */
export type Fate = 'written' | 'slow replicas' | 'answer lost' | 'request lost' | 'late' | 'unanswered' | (string & {});

// Long enough that the publisher repeats a late request, and sends others, before it arrives.
const lateMs = 3000;

/** An in-memory Kafka cluster with failures that a test sets. Broker n has the address `broker-n:9092`. */
export class FakeCluster implements Driver {
  readonly logs = new Map<string, FakeLog>();
  readonly topics = new Map<string, number[]>();
  /** Decides the fate of each part of each produce request. */
  fate: (part: ProducePart, nodeId: number) => Fate = () => 'written';
  /** Returns the name of the error for a part of a fetch, or undefined to serve it. */
  fetchFate: (part: FetchPart, nodeId: number) => string | undefined = () => undefined;
  /** Like `fetchFate`, for a request for offsets. */
  offsetsFate: (of: TopicPartition) => string | undefined = () => undefined;
  /** All fetch requests, each with its broker. */
  readonly fetches: { readonly nodeId: number; readonly parts: readonly FetchPart[]; readonly maxWaitMs: number }[] =
    [];
  /** Brokers that accept connections but never answer. */
  readonly frozen = new Set<number>();
  /** Brokers that refuse connections. */
  readonly down = new Set<number>();
  /** All produce requests, each with its broker. */
  readonly requests: { readonly nodeId: number; readonly parts: readonly ProducePart[] }[] = [];
  /** The number of producer ids handed out. */
  identities = 0;
  /** The number of metadata requests. */
  lookups = 0;
  /** The number of connection attempts. */
  attempts = 0;
  readonly connections = new Set<FakeConnection>();

  constructor(
    private readonly brokers: number,
    topics: Readonly<Record<string, readonly number[]>>,
  ) {
    for (const [topic, leaders] of Object.entries(topics)) this.topics.set(topic, [...leaders]);
  }

  log(topic: string, partition: number): FakeLog {
    const name = `${topic}/${partition}`;
    const log = this.logs.get(name) ?? new FakeLog();
    this.logs.set(name, log);
    return log;
  }

  async connect({ host }: Address): Promise<BrokerConnection> {
    this.attempts += 1;
    const nodeId = Number(host.split('-')[1]);
    if (this.down.has(nodeId)) throw new Error(`connect ECONNREFUSED ${host}`);
    const connection = new FakeConnection(this, nodeId);
    await connection.request(async () => undefined, 3000);
    return connection;
  }

  /** Resets the connections of a broker and refuses new ones. */
  goDown(nodeId: number): void {
    this.down.add(nodeId);
    for (const connection of this.connections) if (connection.nodeId === nodeId) connection.reset();
  }

  metadata(topics: readonly string[]): ClusterMetadata {
    this.lookups += 1;
    const nodes = Array.from({ length: this.brokers }, (_, n) => n + 1).filter((nodeId) => !this.down.has(nodeId));
    return {
      brokers: new Map(nodes.map((nodeId) => [nodeId, { host: `broker-${nodeId}`, port: 9092 }])),
      topics: new Map(
        topics.map((topic) => {
          const leaders = this.topics.get(topic);
          return [topic, { error: leaders ? undefined : 'UNKNOWN_TOPIC_OR_PARTITION', leaders: [...(leaders ?? [])] }];
        }),
      ),
    };
  }
}

class FakeConnection implements BrokerConnection {
  isOpen = true;
  private lastAnswer: Promise<unknown> = Promise.resolve();
  private readonly broken = Promise.withResolvers<never>();

  constructor(
    private readonly cluster: FakeCluster,
    readonly nodeId: number,
  ) {
    cluster.connections.add(this);
    this.broken.promise.catch(() => undefined);
  }

  metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.request(async () => this.cluster.metadata(topics), 3000);
  }

  async rights(): Promise<ReadonlyMap<string, readonly TopicRight[]>> {
    return new Map();
  }

  async configs(): Promise<TopicConfigs> {
    return new Map();
  }

  initProducerId(): Promise<ProducerIdentity> {
    return this.request(async () => {
      this.cluster.identities += 1;
      return { producerId: String(this.cluster.identities), producerEpoch: 0 };
    }, 3000);
  }

  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]> {
    this.cluster.requests.push({ nodeId: this.nodeId, parts });
    return this.request(() => this.handle(parts, options), 6000);
  }

  fetch(parts: readonly FetchPart[], { maxWaitMs }: FetchOptions): Promise<readonly FetchedPart[]> {
    this.cluster.fetches.push({ nodeId: this.nodeId, parts, maxWaitMs });
    return this.request(async () => {
      const answers = await Promise.all(parts.map((part) => this.read(part)));
      const isIdle = answers.every(({ error, messages }) => error === undefined && messages.length === 0);
      if (isIdle) await Promise.race([this.broken.promise, new Promise((resolve) => setTimeout(resolve, maxWaitMs))]);
      return answers;
    }, maxWaitMs + 3000);
  }

  offsets(of: readonly TopicPartition[], time: OffsetTime): Promise<readonly PartitionOffset[]> {
    return this.request(async () => {
      return of.map(({ topic, partition }) => {
        const { low, values } = this.cluster.log(topic, partition);
        const error = this.faultOf(topic, partition) ?? this.cluster.offsetsFate({ topic, partition });
        return { topic, partition, error, offset: time === 'earliest' ? low : values.length, timestamp: -1 };
      });
    }, 3000);
  }

  reset(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.cluster.connections.delete(this);
    this.broken.reject(new Error('reset'));
  }

  // Serves the requests of a connection one after the other, like a broker.
  async request<T>(act: () => Promise<T>, withinMs: number): Promise<T> {
    if (!this.isOpen) throw new Error('closed');
    const answer = this.lastAnswer.then(async () => {
      if (this.cluster.frozen.has(this.nodeId)) await this.broken.promise;
      return act();
    });
    this.lastAnswer = answer.catch(() => undefined);
    const timer = setTimeout(() => this.reset(), withinMs);
    try {
      return await Promise.race([answer, this.broken.promise]);
    } catch (error) {
      this.reset();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async handle(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]> {
    // A broker never reads a request at the moment at which it is sent.
    await Promise.resolve();
    if (!this.isOpen) throw new Error('reset');
    const fates = parts.map((part) => this.cluster.fate(part, this.nodeId));
    const late = parts.filter((_, n) => fates[n] === 'late');
    if (late.length > 0) setTimeout(() => this.arriveLate(late), lateMs);
    if (late.length > 0 || fates.includes('request lost')) throw new Error('connection lost');
    const answers = parts
      .map((part, n) => this.answer(part, fates[n] as Fate))
      .filter(({ error }) => error !== 'unanswered');
    if (fates.includes('answer lost')) throw new Error('connection lost');
    if (fates.includes('slow replicas')) {
      await new Promise((resolve) => setTimeout(resolve, options.acknowledgeWithinMs));
    }
    return answers;
  }

  private arriveLate(parts: readonly ProducePart[]): void {
    if (this.cluster.frozen.has(this.nodeId)) return;
    for (const part of parts) this.answer(part, 'written');
  }

  private answer(part: ProducePart, fate: Fate): PartitionAnswer {
    const { topic, partition } = part;
    let error = this.faultOf(topic, partition);
    if (error !== undefined) return { topic, partition, error };
    if (fate !== 'written' && fate !== 'answer lost' && fate !== 'slow replicas') error = fate;
    else error = this.cluster.log(topic, partition).append(part);
    return { topic, partition, error: error ?? (fate === 'slow replicas' ? 'REQUEST_TIMED_OUT' : undefined) };
  }

  private async read(part: FetchPart): Promise<FetchedPart> {
    const { topic, partition, offset } = part;
    const log = this.cluster.log(topic, partition);
    const highWatermark = log.values.length;
    const fault = this.faultOf(topic, partition) ?? this.cluster.fetchFate(part, this.nodeId);
    const isInRange = offset >= log.low && offset <= highWatermark;
    const error = fault ?? (isInRange ? undefined : 'OFFSET_OUT_OF_RANGE');
    const messages = error === undefined ? await log.read({ topic, partition }, offset) : [];
    return { topic, partition, error, highWatermark, messages };
  }

  private faultOf(topic: string, partition: number): string | undefined {
    const leaders = this.cluster.topics.get(topic);
    if (!leaders || partition >= leaders.length) return 'UNKNOWN_TOPIC_OR_PARTITION';
    return leaders[partition] === this.nodeId ? undefined : 'NOT_LEADER_FOR_PARTITION';
  }
}
