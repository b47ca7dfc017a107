import { connect, type Socket } from 'node:net';
import kafkajs, { type Message, type Producer } from 'kafkajs';
import type { Chunk } from './accumulator.ts';
import { bytesOf } from './accumulator.ts';
import { clientOf, connectWithin, messageOf } from './client.ts';
import { KafkaError } from './errors.ts';
import type { KafkaSettings } from './settings.ts';

// Below the request timeout, so that a broker that waits for replicas answers before the request is given up.
const acknowledgeWithinMs = 8000;

/**
 * One idempotent producer id: its first send must have settled before the next one starts.
 *
 * kafkajs gives the sequence numbers of a failed send to the next one. With two in flight a broker takes the second
 * for a repetition of the first and acknowledges what it never wrote; hence one at a time, and after a send that was
 * given up the whole session is thrown away.
 */
export class ProducerSession {
  private deadline = 0;
  private readonly producer: Producer;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly settings: KafkaSettings,
    private readonly compressAboveBytes: number,
    retries: number,
    onPartitionCount: (topic: string, partitions: number) => void,
  ) {
    this.producer = clientOf(settings, undefined, ({ host, port, onConnect }) =>
      this.socketTo(host, port, onConnect),
    ).producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 50, maxRetryTime: 1000, factor: 0.2, multiplier: 2, retries },
      createPartitioner: () => (choice) => {
        onPartitionCount(choice.topic, choice.partitionMetadata.length);
        return this.explicitPartition(choice.message, choice.partitionMetadata.length);
      },
    });
  }

  /** `retries` bounds how often kafkajs repeats a send with the same sequence numbers before it gives up. */
  static async open(
    settings: KafkaSettings,
    options: { readonly compressAboveBytes: number; readonly retries: number },
    onPartitionCount: (topic: string, partitions: number) => void,
  ): Promise<ProducerSession> {
    const session = new ProducerSession(settings, options.compressAboveBytes, options.retries, onPartitionCount);
    await connectWithin({ ...settings, connectTimeoutMs: 0 }, () => session.producer.connect());
    return session;
  }

  /** Resolves when every in-sync replica has all chunks; rejects when kafkajs gives up or `deadline` has passed. */
  async send(chunks: readonly Chunk[], deadline: number): Promise<void> {
    this.deadline = deadline;
    const topics = Map.groupBy(chunks, ({ topic }) => topic);
    const oversized = chunks.some((chunk) => bytesOf(chunk) > this.compressAboveBytes);
    const answers = await this.producer.sendBatch({
      acks: -1,
      timeout: acknowledgeWithinMs,
      compression: oversized ? kafkajs.CompressionTypes.ZSTD : kafkajs.CompressionTypes.None,
      topicMessages: [...topics].map(([topic, parts]) => ({ topic, messages: grouped(parts) })),
    });
    requireAnswers(chunks, answers);
  }

  /**
   * Does not wait: kafkajs may hang in a broken connection.
   *
   * Connections are reset, not closed: the operating system would go on for minutes to send what a cut network has kept
   * from the broker, and a record that was given up would come to stand behind later ones of its key.
   */
  close(): void {
    this.producer.disconnect().catch((error) => {
      this.settings.log.debug('kafkajs producer: disconnect', { error: messageOf(error) });
    });
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  private socketTo(host: string, port: number, onConnect: () => void): Socket {
    const socket = connect({ host, port }, onConnect).setKeepAlive(true, 60_000);
    this.sockets.add(socket);
    return socket.once('close', () => this.sockets.delete(socket));
  }

  // kafkajs asks the partitioner in each attempt, which makes it the one place where a send can be ended between
  // attempts. It would also drop, and acknowledge, a record for a partition that the topic does not have.
  private explicitPartition({ partition = -1 }: Message, partitions: number): number {
    if (Date.now() > this.deadline) throw new kafkajs.KafkaJSNonRetriableError('the delivery timeout has passed');
    if (partition < partitions) return partition;
    throw new kafkajs.KafkaJSNonRetriableError(`partition ${partition} is not one of ${partitions}`);
  }
}

type Groups = Record<number, readonly Message[]>;

/**
 * What kafkajs asks of the messages to one topic: whether one lacks a value, and to which partition each goes.
 *
 * It groups by `reduce`, copying the group for each message, which takes quadratic time; here the groups are known. Its
 * partitioner is asked for the first message of each, in every attempt.
 */
const grouped = (chunks: readonly Chunk[]): Message[] =>
  ({
    find: () => undefined,
    reduce: (group: (groups: Groups, message: Message) => Groups): Groups => {
      const groups: Groups = {};
      for (const { partition, entries } of chunks) {
        group({}, { value: null, partition });
        groups[partition] = entries.map(({ record: { key, value, headers } }) => ({ key, value, headers }));
      }
      return groups;
    },
  }) as unknown as Message[];

/**
 * Throws unless each chunk's partition was answered.
 *
 * When a leader moves during a send to a broker that has answered for its own share, kafkajs asks that broker nothing
 * more and resolves: the share of the moved partition was never written.
 */
export function requireAnswers(
  chunks: readonly Chunk[],
  answers: readonly { readonly topicName: string; readonly partition: number }[],
): void {
  const answered = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
  const missing = chunks.map(({ topic, partition }) => `${topic}/${partition}`).filter((name) => !answered.has(name));
  if (missing.length === 0) return;
  throw new KafkaError('KAFKA.DELIVERY_FAILED', true, `No broker answered for ${missing.join(', ')}`);
}
