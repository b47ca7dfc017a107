import { setTimeout as sleep } from 'node:timers/promises';
import { Alerts } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { KafkaAccess } from '../../harness/kafka-access.ts';
import type { Seeded } from '../seed.ts';
import { batchOf, bytesOf, type RawRecord } from './batch.ts';
import type { Bomb } from './bombs.ts';
import { OpenTransactions } from './open-transactions.ts';
import { RawProducer } from './raw-producer.ts';
import { HostileRecords, type Target } from './records.ts';

export interface HostileOptions {
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
    await this.#count(record.kind, this.#producer.write(this.#partitionOf(record), batchOf(bytesOf(record))));
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

  #partitionOf({ key }: RawRecord): number {
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
