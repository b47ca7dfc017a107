import { Alerts } from '@pagebridge/contracts';
import { Producer } from '@platformatic/kafka';
import { type KafkaAccess, platformaticOptions } from '../../harness/kafka-access.ts';
import type { RawRecord } from './batch.ts';

type Transaction = NonNullable<Producer['transaction']>;

/** A transaction that wrote to every partition of the alerts topic, and stays open for a long time. */
export class OpenTransactions {
  readonly #kafka: KafkaAccess;
  #producer: Producer | undefined;
  #open: Transaction | undefined;

  constructor(kafka: KafkaAccess) {
    this.#kafka = kafka;
  }

  /** Aborts the former transaction and opens another. */
  async renew(next: () => RawRecord): Promise<void> {
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

const recordOf = ({ key, value, headers }: RawRecord) => ({
  key: key as Buffer,
  value: value as Buffer,
  headers: new Map(headers) as Map<Buffer, Buffer>,
});
