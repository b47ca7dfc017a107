import type { AlertState, StoredRecord } from '@pagebridge/contracts';
import { type Counted, LedgerOrder } from './ledger-order.ts';
import { ledgerRecordOf } from './ledger-record.ts';

type Read = Pick<StoredRecord, 'partition' | 'value' | 'headers'> & { readonly key: Buffer | null };

/** What page-delivery would know of some alerts if it read the ledger now. */
export class LedgerStates {
  private readonly partitions = new Map<number, LedgerOrder>();
  private readonly counted = new Map<string, Counted>();

  constructor(private readonly isWanted: (key: string) => boolean) {}

  /** Adds the next record of its partition, of any alert: whether a record is late depends on all records before it. */
  add(record: Read): void {
    const order = this.partitions.get(record.partition) ?? new LedgerOrder();
    this.partitions.set(record.partition, order);
    const key = record.key?.toString('utf8') ?? '';
    const counted = order.take(ledgerRecordOf(record), () => this.counted.get(key)?.by);
    if (counted && this.isWanted(key)) this.counted.set(key, counted);
  }

  /** Returns the state of an alert; undefined if the ledger has none. */
  of(key: string): AlertState | 'unreadable' | undefined {
    const said = this.counted.get(key)?.said;
    return said === 'forgotten' ? undefined : said;
  }
}
