import { Inject, Injectable } from '@nestjs/common';
import { PageCommands, PageStates } from '@pagebridge/contracts';
import {
  type Assignment,
  type ConsumedRecord,
  type KafkaSettings,
  type Observed,
  RangeReader,
} from '@pagebridge/kafka';
import { LedgerReading } from '@pagebridge/page-lifecycle';
import { KAFKA_SETTINGS } from '@pagebridge/service';
import { Delivery } from '../application/delivery.ts';
import { Ledger } from '../application/ledger/ledger.ts';

const recordsPerMemoryCheck = 1000;

/**
 * Takes over and gives up partitions, as the consumer group assigns them.
 *
 * The ledger of a partition is read to its end before the first command, so that every decision is based on the earlier
 * ones. A partition that is lost during the reading is not taken over.
 */
@Injectable()
export class PartitionOwner implements Observed {
  private readonly readings = new Map<number, LedgerReading>();
  /** The numbers of alerts whose ledger record cannot be read, by owned partition. */
  private readonly unreadable = new Map<number, number>();
  private recordsRead = 0;

  constructor(
    @Inject(Delivery) private readonly delivery: Pick<Delivery, 'own' | 'disown'>,
    @Inject(Ledger) private readonly ledger: Pick<Ledger, 'idleShare' | 'assign' | 'unassign'>,
    @Inject(RangeReader) private readonly reader: Pick<RangeReader, 'readAll'>,
    @Inject(KAFKA_SETTINGS) private readonly settings: Pick<KafkaSettings, 'log' | 'observer'>,
  ) {
    settings.observer?.opened?.(this);
  }

  readonly onAssigned = async ({ topic, partition, generation }: Assignment): Promise<void> => {
    if (topic !== PageCommands.card.topic) return;
    const reading = new LedgerReading();
    this.readings.set(partition, reading);
    this.ledger.assign(partition);
    const isClaimed = () => this.readings.get(partition) === reading;
    await this.reader.readAll(PageStates.card.topic, partition, (record) => isClaimed() && this.read(reading, record));
    if (!isClaimed()) return;
    this.readings.delete(partition);
    const restored = reading.restored();
    this.unreadable.set(partition, restored.unreadable.size);
    this.delivery.own(partition, reading.nextOwnerEpoch(generation), restored);
  };

  /** Gives partitions up at once, before the rebalance ends: the next owner may already be reading the ledger. */
  readonly onDisowned = (assignments: readonly Assignment[]): void => {
    for (const { topic, partition } of assignments) {
      if (topic !== PageCommands.card.topic) continue;
      this.readings.delete(partition);
      this.unreadable.delete(partition);
      this.delivery.disown(partition);
      this.ledger.unassign(partition);
    }
  };

  topicStates = () => [
    { topic: PageStates.card.topic, unreadableKeys: this.unreadable.values().reduce((sum, keys) => sum + keys, 0) },
  ];

  // An unreadable record stays in the ledger: its pages wait there for the version that wrote it.
  private read(reading: LedgerReading, record: ConsumedRecord): void {
    this.recordsRead += 1;
    if (this.recordsRead % recordsPerMemoryCheck === 0) this.forgetSurplus();
    const key = record.key?.toString('utf8') ?? '';
    const complaint = reading.read(key, record.offset, record);
    if (complaint === undefined) return;
    const { topic, partition, offset } = record;
    const detail = `the alert ${key}: ${complaint}`;
    this.settings.log.error('unreadable table record skipped', { topic, partition, offset, detail });
  }

  /** Bounds the memory of the alerts that are being read, together with the owned ones. */
  private forgetSurplus(): void {
    const readings = [...this.readings.values()];
    const share = this.ledger.idleShare(readings.map(({ idle }) => idle));
    if (share !== undefined) for (const reading of readings) reading.forgetSurplus(share);
  }
}
