import { type AlertState, type IncomingRecord, ownerEpochOf, PageStates } from '@pagebridge/contracts';
import { stateIn } from '../page.ts';
import { LedgerOrder, type Written } from './ledger-order.ts';

/** A record of the ledger as it was read. */
export interface LedgerRecord extends IncomingRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** The states of the alerts that somebody asks for, by the rule of page-delivery. */
export class LedgerStates {
  private readonly orders = new Map<number, LedgerOrder>();
  private readonly known = new Map<string, { readonly state: AlertState; readonly written: Written } | 'unreadable'>();

  /** `isAsked`: whether the state of the alert with this key is kept. */
  constructor(private readonly isAsked: (key: string) => boolean) {}

  /** Adds the next record of its partition. */
  add(record: LedgerRecord): void {
    const { partition, value } = record;
    const key = record.key?.toString('utf8') ?? '';
    const order = this.orders.get(partition) ?? new LedgerOrder();
    this.orders.set(partition, order);
    if (!this.isAsked(key)) {
      order.pass(value === null ? { ownerEpoch: ownerEpochOf(record) } : writtenIn(value));
      return;
    }
    const read = value === null ? undefined : PageStates.decode(record);
    if (read?.ok === false) {
      this.known.set(key, 'unreadable');
      return;
    }
    const data = read?.event.data;
    const written = { ownerEpoch: data?.ownerEpoch ?? ownerEpochOf(record), write: data?.write };
    const before = this.known.get(key);
    const counted = order.next(
      key,
      written,
      data && stateIn(data),
      before === 'unreadable' ? undefined : before?.written,
    );
    if (!counted) return;
    if (counted.state) this.known.set(key, { state: counted.state, written });
    else this.known.delete(key);
  }

  /** Returns the state of an alert; `unreadable`: page-delivery takes no commands for it until it is upgraded. */
  of(key: string): AlertState | 'unreadable' | undefined {
    const known = this.known.get(key);
    return known === 'unreadable' ? known : known?.state;
  }
}

/** Returns who wrote a record without decoding it: a partition may have a million others. */
function writtenIn(value: Buffer): Written {
  const write = numberAfter(value, '"write":');
  return { ownerEpoch: numberAfter(value, '"ownerEpoch":') ?? 0, write };
}

// Inside a text, the quotes of a name are escaped.
function numberAfter(value: Buffer, name: string): number | undefined {
  const at = value.indexOf(name);
  const number =
    at < 0 ? Number.NaN : Number.parseInt(value.toString('latin1', at + name.length, at + name.length + 16), 10);
  return Number.isSafeInteger(number) ? number : undefined;
}
