import { Alerts } from '@pagebridge/contracts';
import { Producer } from '@platformatic/kafka';
import { type KafkaAccess, platformaticOptions } from '../../harness/kafka-access.ts';
import type { RawRecord } from './batch.ts';

type Transaction = NonNullable<Producer['transaction']>;

/** A transaction that has written to every partition of the alerts topic, and is neither committed nor aborted for long. */
export class OpenTransactions {
  readonly #kafka: KafkaAccess;
  #producer: Producer | undefined;
  #open: Transaction | undefined;

  constructor(kafka: KafkaAccess) {
    this.#kafka = kafka;
  }

  /** Aborts the one before and leaves another open. */
  async renew(next: () => RawRecord): Promise<void> {
    try {
      await this.#open?.abort();
      this.#producer ??= new Producer({
        ...platformaticOptions(this.#kafka, 'mallory-transactions'),
        transactionalId: 'mallory',
        idempotent: true,
        acks: -1,
        // Also how long the broker leaves it open.
        timeout: 120_000,
        retries: 3,
      });
      this.#open = await this.#producer.beginTransaction();
      const partitions = Array.from({ length: Alerts.card.partitions }, (_, partition) => partition);
      const messages = partitions.map((partition) => ({ ...recordOf(next()), topic: Alerts.card.topic, partition }));
      await this.#open.send({ messages });
    } catch (error) {
      // The next one fences what is left of this one, which aborts it.
      await this.close();
      throw error;
    }
  }

  /** Leaves it open, like a producer that crashed. */
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
