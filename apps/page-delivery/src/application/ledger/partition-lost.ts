/** The partition has, or will have, another owner. Drop the work: the next owner repeats it from the ledger. */
export class PartitionLost extends Error {
  override readonly name = 'PartitionLost';
  constructor(partition: number) {
    super(`partition ${partition} is no longer owned by this process`);
  }
}

/** A write of the ledger takes too long. The write is still retried in the background; the caller must retry too. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
  constructor(partition: number, seconds: number) {
    super(`the ledger of partition ${partition} could not be written for ${seconds} s`);
  }
}
