/** The partition has, or will have, another owner. Drop the work: the next owner repeats it from the ledger. */
export class PartitionLost extends Error {
  override readonly name = 'PartitionLost';
  constructor(partition: number) {
    super(`partition ${partition} is no longer owned by this process`);
  }
}

/** The ledger does not hold a batch. The write is still retried; the caller must retry too. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
  constructor(partition: number, why: string) {
    super(`the ledger of partition ${partition} ${why}`);
  }
}
