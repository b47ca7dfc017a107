/** The partition has another owner, or will have. Drop the work: the next owner redoes it from the ledger. */
export class PartitionLost extends Error {
  override readonly name = 'PartitionLost';
  constructor(partition: number) {
    super(`partition ${partition} is no longer owned by this process`);
  }
}

/** A write of the ledger takes too long. It is still retried; the caller comes again. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
  constructor(partition: number, seconds: number) {
    super(`the ledger of partition ${partition} could not be written for ${seconds} s`);
  }
}
