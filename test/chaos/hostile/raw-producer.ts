import {
  Connection,
  type ConnectionOptions,
  metadataV12,
  produceV7,
  protocolErrorsCodesById,
  Writer,
} from '@platformatic/kafka';
import { type KafkaAccess, platformaticOptions } from '../../harness/kafka-access.ts';

const produce = { key: 0, version: 7 } as const;
const acknowledgeWithinMs = 5_000;
const clientId = 'mallory';

/** Writes whole record batches to one topic unchanged: client libraries would refuse half of them. */
export class RawProducer {
  readonly #bootstrap: readonly string[];
  readonly #options: ConnectionOptions;
  readonly #topic: string;
  readonly #connections = new Map<string, Connection>();
  #leaders: readonly string[] | undefined;

  constructor(kafka: KafkaAccess, topic: string) {
    const { bootstrapBrokers, clientId: _, ...options } = platformaticOptions(kafka, clientId);
    this.#bootstrap = bootstrapBrokers;
    this.#options = { connectTimeout: 2_000, requestTimeout: 2 * acknowledgeWithinMs, ...options };
    this.#topic = topic;
  }

  /** Resolves once the batch is on all in-sync replicas. Does not retry: a failed batch may be in the log. */
  async write(partition: number, batch: Buffer): Promise<void> {
    try {
      this.#leaders ??= await this.#findLeaders();
      const leader = this.#leaders[partition];
      if (leader === undefined) throw new Error(`partition ${partition} has no leader`);
      await this.#produce(await this.#connectionTo(leader), partition, batch);
    } catch (error) {
      this.#leaders = undefined;
      this.close();
      throw error;
    }
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close().catch(() => undefined);
    this.#connections.clear();
  }

  async #findLeaders(): Promise<string[]> {
    const seed = this.#bootstrap[Math.floor(Math.random() * this.#bootstrap.length)] ?? '';
    const { brokers, topics } = await metadataV12.api.async(
      await this.#connectionTo(seed),
      [this.#topic],
      false,
      false,
    );
    const places = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
    const leaders: string[] = [];
    for (const { partitionIndex, leaderId } of topics[0]?.partitions ?? []) {
      const place = places.get(leaderId);
      if (place !== undefined) leaders[partitionIndex] = place;
    }
    return leaders;
  }

  async #connectionTo(broker: string): Promise<Connection> {
    const known = this.#connections.get(broker);
    if (known?.isConnected()) return known;
    const connection = new Connection(clientId, this.#options);
    // The pending request rejects too, and its caller handles the error.
    connection.on('error', () => undefined);
    const [host = '', port] = broker.split(':');
    await connection.connect(host, Number(port));
    this.#connections.set(broker, connection);
    return connection;
  }

  async #produce(connection: Connection, partition: number, batch: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<produceV7.ProduceResponse>();
    connection.send<produceV7.ProduceResponse>(
      produce.key,
      produce.version,
      () => this.#request(partition, batch),
      produceV7.parseResponse,
      false,
      false,
      (error, answer) => (answer ? resolve(answer) : reject(error)),
    );
    const { responses } = await promise;
    const errorCode = responses[0]?.partitionResponses[0]?.errorCode ?? -1;
    if (errorCode !== 0) throw new Error(String(protocolErrorsCodesById[errorCode] ?? errorCode));
  }

  #request = (partition: number, batch: Buffer): Writer =>
    Writer.create()
      .appendString(null, false)
      .appendInt16(-1)
      .appendInt32(acknowledgeWithinMs)
      .appendInt32(1)
      .appendString(this.#topic, false)
      .appendInt32(1)
      .appendInt32(partition)
      .appendInt32(batch.length)
      .append(batch);
}
