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
} from '../src/driver/driver.ts';
import type { TopicPartition } from '../src/driver/protocol/fetched-record.ts';
import { FakeLog } from './fake-log.ts';

/** What becomes of the records for one partition: an error's name, before anything is written, or one of these. */
export type Fate = 'written' | 'slow replicas' | 'answer lost' | 'request lost' | 'late' | 'unanswered' | (string & {});

// A request that is on its way for so long is repeated meanwhile, and others follow.
const lateMs = 3000;

/** Brokers in memory, which fail as they are told to; broker n is at `broker-n:9092`. */
export class FakeCluster implements Driver {
  readonly logs = new Map<string, FakeLog>();
  readonly topics = new Map<string, number[]>();
  /** What is asked for each part of each produce request. */
  fate: (part: ProducePart, nodeId: number) => Fate = () => 'written';
  /** An error's name for a part of a fetch; undefined: it is served. */
  fetchFate: (part: FetchPart, nodeId: number) => string | undefined = () => undefined;
  /** The same of a question for offsets. */
  offsetsFate: (of: TopicPartition) => string | undefined = () => undefined;
  /** All fetches: what each broker was asked for, at once. */
  readonly fetches: { readonly nodeId: number; readonly parts: readonly FetchPart[] }[] = [];
  /** Brokers that accept connections and answer nothing. */
  readonly frozen = new Set<number>();
  /** Brokers that refuse connections. */
  readonly down = new Set<number>();
  /** All produce requests: what each broker was asked for, at once. */
  readonly requests: { readonly nodeId: number; readonly parts: readonly ProducePart[] }[] = [];
  identities = 0;
  /** How often metadata was asked for. */
  lookups = 0;
  /** How often somebody tried to connect. */
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
    await connection.ask(async () => undefined, 3000);
    return connection;
  }

  /** Ends its connections and refuses new ones. */
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
  private turn: Promise<unknown> = Promise.resolve();
  private readonly broken = Promise.withResolvers<never>();

  constructor(
    private readonly cluster: FakeCluster,
    readonly nodeId: number,
  ) {
    cluster.connections.add(this);
    this.broken.promise.catch(() => undefined);
  }

  metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.ask(async () => this.cluster.metadata(topics), 3000);
  }

  initProducerId(): Promise<ProducerIdentity> {
    return this.ask(async () => {
      this.cluster.identities += 1;
      return { producerId: String(this.cluster.identities), producerEpoch: 0 };
    }, 3000);
  }

  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]> {
    this.cluster.requests.push({ nodeId: this.nodeId, parts });
    return this.ask(() => this.handle(parts, options), 6000);
  }

  fetch(parts: readonly FetchPart[], { maxWaitMs }: FetchOptions): Promise<readonly FetchedPart[]> {
    this.cluster.fetches.push({ nodeId: this.nodeId, parts });
    return this.ask(async () => {
      const answers = await Promise.all(parts.map((part) => this.read(part)));
      const isIdle = answers.every(({ error, messages }) => error === undefined && messages.length === 0);
      if (isIdle) await Promise.race([this.broken.promise, new Promise((resolve) => setTimeout(resolve, maxWaitMs))]);
      return answers;
    }, maxWaitMs + 3000);
  }

  offsets(of: readonly TopicPartition[], time: OffsetTime): Promise<readonly PartitionOffset[]> {
    return this.ask(async () => {
      return of.map(({ topic, partition }) => {
        const { low, values } = this.cluster.log(topic, partition);
        const error = this.faultOf(topic, partition) ?? this.cluster.offsetsFate({ topic, partition });
        return { topic, partition, error, offset: time === 'earliest' ? low : values.length };
      });
    }, 3000);
  }

  reset(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.cluster.connections.delete(this);
    this.broken.reject(new Error('reset'));
  }

  // One request after the other, as a broker serves a connection.
  async ask<T>(act: () => Promise<T>, withinMs: number): Promise<T> {
    if (!this.isOpen) throw new Error('closed');
    const answer = this.turn.then(async () => {
      if (this.cluster.frozen.has(this.nodeId)) await this.broken.promise;
      return act();
    });
    this.turn = answer.catch(() => undefined);
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
    // Nothing is read at the moment it is sent.
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
