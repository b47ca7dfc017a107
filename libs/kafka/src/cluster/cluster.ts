import { messageOf } from '../driver/client.ts';
import {
  type Address,
  addressOf,
  type BrokerConnection,
  type ClusterMetadata,
  type Driver,
  type ProducerIdentity,
  type TopicMetadata,
} from '../driver/driver.ts';
import type { TopicPartition } from '../driver/protocol/fetched-record.ts';
import { deniedText, topicFaultOf } from '../driver/security/denied-operations.ts';
import { BrokerUnreachableError, KafkaError, MissingTopicsError, SecurityError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { Broker } from './broker.ts';
import { SharedConnection } from './shared-connection.ts';
import type { Waits } from './waits.ts';

// The age at which metadata is refreshed, to find new partitions and new addresses of brokers.
const metadataMaxAgeMs = 60_000;
// Partitions that fail within this time share a metadata request.
const betweenRefreshesMs = 100;

/** Caches the metadata of the cluster, such as partition leaders, and the connections to its brokers. */
export class Cluster {
  private readonly topicsInUse = new Set<string>();
  private readonly topics = new Map<string, TopicMetadata>();
  private readonly brokersById = new Map<number, Broker>();
  private brokers: ReadonlyMap<number, Address> = new Map();
  /** Only for metadata and producer ids, so that these requests never wait behind records. */
  private readonly control = new SharedConnection(() => this.anyBroker());
  private refreshing: Promise<void> | undefined;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly driver: Driver,
    private readonly waits: Waits,
  ) {}

  partitionsOf(topic: string): number | undefined {
    return this.topics.get(topic)?.leaders.length || undefined;
  }

  allPartitionsOf(topic: string): readonly TopicPartition[] {
    return Array.from({ length: this.partitionsOf(topic) ?? 0 }, (_, partition) => ({ topic, partition }));
  }

  leaderOf(topic: string, partition: number): Broker | undefined {
    const nodeId = this.topics.get(topic)?.leaders[partition];
    return nodeId === undefined || nodeId < 0 ? undefined : this.brokerOf(nodeId);
  }

  /** Returns why the leader of a partition is unknown. */
  absenceOf(topic: string, partition = 0): string {
    const { error, leaders } = this.topics.get(topic) ?? { error: 'no metadata yet', leaders: [] };
    if (error) return messageOf(topicFaultOf(error, 'Describe', topic));
    return partition < leaders.length ? 'LEADER_NOT_AVAILABLE' : `${topic} has only ${leaders.length} partitions`;
  }

  /** Adds topics to the cached ones; resolves when a broker has returned their metadata. */
  async learn(topics: Iterable<string>): Promise<void> {
    for (const topic of topics) this.topicsInUse.add(topic);
    // A request that is in flight lacks the new topics.
    await this.refreshing?.catch(() => undefined);
    this.refreshing ??= this.refresh();
    await this.refreshing;
  }

  /** Like `learn`, and returns the partition counts. Throws MissingTopicsError, or SecurityError if a broker hides a topic. */
  async require(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await this.learn(topics);
    const errorOf = (topic: string) => this.topics.get(topic)?.error;
    const unknown = [...new Set(topics)].filter((topic) => errorOf(topic) !== undefined);
    const isDenied = (topic: string) => topicFaultOf(errorOf(topic) ?? '', 'Describe', topic) instanceof SecurityError;
    const denied = unknown.filter(isDenied);
    if (denied.length > 0) throw new SecurityError(deniedText('Describe', 'topic', denied.join(', ')));
    const missing = unknown.filter((topic) => errorOf(topic) === 'UNKNOWN_TOPIC_OR_PARTITION');
    if (missing.length > 0) throw new MissingTopicsError(missing);
    // Other errors are transient: a plain Error makes the caller retry.
    const [other] = unknown;
    if (other !== undefined) throw new Error(`${other}: ${this.absenceOf(other)}`);
    return new Map(topics.map((topic) => [topic, this.partitionsOf(topic) ?? 0]));
  }

  /** Resolves when the metadata is not older than `since`. */
  async refreshedSince(since: number): Promise<void> {
    while (this.refreshedAt < since) {
      this.refreshing ??= this.refresh();
      await this.refreshing;
    }
  }

  refreshIfOld(): void {
    const isUnused = this.topicsInUse.size === 0;
    if (isUnused || this.refreshing || performance.now() - this.refreshedAt < metadataMaxAgeMs) return;
    this.refreshing = this.refresh();
    this.refreshing.catch((error) => {
      // The old metadata stays in use until a request shows that it is wrong.
      this.settings.log.debug('metadata refresh failed', { error: messageOf(error) });
    });
  }

  /** Sends a request to any broker. */
  async request<T>(send: (connection: BrokerConnection) => Promise<T>): Promise<T> {
    const connection = await this.control.open();
    try {
      return await send(connection);
    } catch (error) {
      connection.reset();
      throw error;
    }
  }

  newIdentity(): Promise<ProducerIdentity> {
    return this.request((connection) => connection.initProducerId());
  }

  close(): void {
    this.isClosed = true;
    this.control.close();
    for (const broker of this.brokersById.values()) broker.close();
  }

  private brokerOf(nodeId: number): Broker {
    const known = this.brokersById.get(nodeId);
    if (known) return known;
    const broker = new Broker(async () => {
      const address = this.brokers.get(nodeId);
      if (!address) throw new KafkaError('KAFKA.BROKER_UNREACHABLE', true, `Broker ${nodeId} is not in the cluster`);
      return this.driver.connect(address);
    });
    this.brokersById.set(nodeId, broker);
    return broker;
  }

  private async refresh(): Promise<void> {
    try {
      await this.waits.for(this.refreshedAt + betweenRefreshesMs - performance.now());
      const startedAt = performance.now();
      this.update(await this.request((connection) => connection.metadata([...this.topicsInUse])));
      this.refreshedAt = startedAt;
    } finally {
      this.refreshing = undefined;
    }
  }

  private update({ brokers, topics }: ClusterMetadata): void {
    this.brokers = brokers;
    for (const topic of this.topicsInUse) {
      const metadata = topics.get(topic) ?? { error: 'UNKNOWN_TOPIC_OR_PARTITION', leaders: [] };
      // A topic keeps its partition count while it has no metadata, so that its keys keep their partitions.
      const partitions = this.topics.get(topic)?.leaders ?? [];
      this.topics.set(topic, metadata.error ? { error: metadata.error, leaders: partitions.map(() => -1) } : metadata);
    }
  }

  // Tries the known brokers in random order, then those of the settings.
  private async anyBroker(): Promise<BrokerConnection> {
    let cause: unknown;
    const known = [...this.brokers.values()].toSorted(() => Math.random() - 0.5);
    for (const address of [...known, ...this.settings.brokers.map(addressOf)]) {
      // A caller would retry for as long as an unreachable broker may take to start, and the service would not stop.
      if (this.isClosed) throw new KafkaError('KAFKA.CLOSED', true, 'The client was stopped');
      try {
        return await this.driver.connect(address);
      } catch (error) {
        cause = error;
      }
    }
    throw new BrokerUnreachableError(this.settings.brokers, cause);
  }
}
