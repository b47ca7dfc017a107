import { setTimeout as sleep } from 'node:timers/promises';
import { Alerts } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import {
  Connection,
  type ConnectionOptions,
  metadataV12,
  Producer,
  produceV7,
  protocolErrorsCodesById,
  Writer,
} from '@platformatic/kafka';
import { rawRecord } from '../../../libs/kafka/test-fixtures/record-batches.ts';
import { type KafkaAccess, platformaticOptions } from '../../harness/kafka-access.ts';
import type { Seeded } from '../seed.ts';
import { type Bomb, batchOf } from './bombs.ts';
import { type HostileRecord, HostileRecords, headersOf, type Target } from './records.ts';

type Transaction = NonNullable<Producer['transaction']>;

/** A transaction that wrote to every partition of the alerts topic, and stays open for a long time. */
class OpenTransactions {
  readonly #kafka: KafkaAccess;
  #producer: Producer | undefined;
  #open: Transaction | undefined;

  constructor(kafka: KafkaAccess) {
    this.#kafka = kafka;
  }

  /** Aborts the former transaction and opens another. */
  async renew(next: () => HostileRecord): Promise<void> {
    try {
      await this.#open?.abort();
      this.#producer ??= new Producer({
        ...platformaticOptions(this.#kafka, 'mallory-transactions'),
        transactionalId: 'mallory',
        idempotent: true,
        acks: -1,
        // Also the time after which the broker aborts the transaction.
        timeout: 120_000,
        retries: 3,
      });
      this.#open = await this.#producer.beginTransaction();
      const partitions = Array.from({ length: Alerts.card.partitions }, (_, partition) => partition);
      const messages = partitions.map((partition) => ({ ...recordOf(next()), topic: Alerts.card.topic, partition }));
      await this.#open.send({ messages });
    } catch (error) {
      // The next producer fences this one, which aborts its transaction.
      await this.close();
      throw error;
    }
  }

  /** Leaves the transaction open, like a producer that crashed. */
  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    this.#open = undefined;
    await producer?.close(true).catch(() => undefined);
  }
}

const recordOf = ({ key, value, headers }: HostileRecord) => ({
  key: key as Buffer,
  value: value as Buffer,
  headers: new Map(headersOf(headers)) as Map<Buffer, Buffer>,
});

const produce = { key: 0, version: 7 } as const;
const acknowledgeWithinMs = 5_000;
const clientId = 'mallory';

/** Writes whole record batches to one topic unchanged: client libraries would refuse half of them. */
class RawProducer {
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

interface HostileOptions {
  readonly kafka: KafkaAccess;
  readonly random: Seeded;
  readonly target: Target;
  readonly bombs: readonly Bomb[];
  readonly say: (line: string) => void;
}

// Slow enough to leave CPU time for healthy alerts on two cores.
const everyMs = 200;
const bombEveryMs = 6_000;
const transactionEveryMs = 45_000;

/** Producers of another org that continuously send arbitrary records to the alerts topic. */
export class HostileProducers {
  readonly #options: HostileOptions;
  readonly #records: HostileRecords;
  readonly #producer: RawProducer;
  readonly #transactions: OpenTransactions;
  #bombs = 0;
  /** The numbers of acknowledged and failed records by kind. */
  readonly counts: Record<string, number> = {};

  constructor(options: HostileOptions) {
    this.#options = options;
    this.#records = new HostileRecords(options.random.fork(), options.target);
    this.#producer = new RawProducer(options.kafka, Alerts.card.topic);
    this.#transactions = new OpenTransactions(options.kafka);
  }

  /** Sends until `until`; does not retry failed records. */
  async run(until: AbortSignal): Promise<void> {
    await Promise.all([
      this.#every(everyMs, until, () => this.#sendRecord()),
      this.#every(bombEveryMs, until, () => this.#sendBomb()),
      this.#every(transactionEveryMs, until, () => this.#renewTransactions()),
    ]);
    this.#producer.close();
    await this.#transactions.close();
    this.#options.say(`hostile: ${JSON.stringify(this.counts)}`);
  }

  async #every(ms: number, until: AbortSignal, send: () => Promise<void>): Promise<void> {
    while (!until.aborted) {
      await send();
      await sleep(ms, undefined, { signal: until }).catch(() => undefined);
    }
  }

  async #sendRecord(): Promise<void> {
    const record = this.#records.next();
    const body = rawRecord(0, { ...record, headers: headersOf(record.headers) });
    await this.#count(record.kind, this.#producer.write(this.#partitionOf(record), batchOf({ body, count: 1 })));
  }

  async #sendBomb(): Promise<void> {
    const { bombs, random } = this.#options;
    const bomb = bombs[this.#bombs++ % bombs.length];
    if (!bomb) return;
    const partition = random.between(0, Alerts.card.partitions - 1);
    await this.#count(bomb.kind, this.#producer.write(partition, bomb.batch));
  }

  async #renewTransactions(): Promise<void> {
    await this.#count(
      'transaction',
      this.#transactions.renew(() => this.#records.next()),
    );
  }

  #partitionOf({ key }: HostileRecord): number {
    return key === null
      ? this.#options.random.between(0, Alerts.card.partitions - 1)
      : partitionFor(key, Alerts.card.partitions);
  }

  async #count(kind: string, written: Promise<void>): Promise<void> {
    const counted = await written.then(
      () => kind,
      () => 'not acknowledged',
    );
    this.counts[counted] = (this.counts[counted] ?? 0) + 1;
  }
}
