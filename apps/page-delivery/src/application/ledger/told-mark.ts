import type { Told } from '@pagebridge/contracts';

interface LastTold {
  readonly key: string;
  readonly write: number;
  readonly at: number;
}

/**
 * Until which write the outcomes of a partition have been told, as the records of the ledger say it.
 *
 * One mark stands for all alerts, beside the next state that is written, so that no state is written again only to say
 * that its outcomes were told.
 */
export class ToldMark {
  /** Alerts whose outcomes a former owner owed, until a write of this one holds them. */
  private readonly former = new Set<string>();
  /** The write that held the last of them. */
  private formerWrite = 1;
  /** The last alert of which something was told that no record of the ledger says yet. */
  private unsaid: LastTold | undefined;

  constructor(
    /** The ledger was read up to this offset. */
    private readonly end: number,
  ) {}

  /** A former owner owed outcomes of this alert. */
  owedBefore(key: string): void {
    this.former.add(key);
  }

  /** The ledger holds this alert since a write of ours. */
  wrote(key: string, write: number): void {
    if (this.former.delete(key)) this.formerWrite = write;
  }

  /** What a record says when all of the writes up to `upTo` is told. */
  at(upTo: number): Told | undefined {
    // The first write of an owner holds what its predecessors owed, so that from the second on none of theirs is owed.
    const hasToldFormer = this.former.size === 0 && upTo >= this.formerWrite;
    return hasToldFormer ? { write: upTo, before: this.end } : undefined;
  }

  /** Something of this alert has been told, of a write. */
  told(key: string, write: number, at: number): void {
    this.unsaid = { key, write, at };
  }

  /** A record that says this has been written. */
  said(mark: Told | undefined): void {
    if ((mark?.write ?? 0) >= (this.unsaid?.write ?? 0)) this.unsaid = undefined;
  }

  /** An alert to be written only to say what has been told, if nothing has said so since `toldBefore`. */
  unsaidSince(toldBefore: number): string | undefined {
    return this.unsaid && this.unsaid.at <= toldBefore ? this.unsaid.key : undefined;
  }
}
