/** The partition has another owner, or will have: whoever was told so drops its work, and the ledger goes on from there. */
export class PartitionLost extends Error {
  override readonly name = 'PartitionLost';
  constructor(partition: number) {
    super(`partition ${partition} is no longer owned by this process`);
  }
}

/** The ledger has not taken what it was given for too long; it goes on trying, and whoever waited comes back. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
  constructor(partition: number, seconds: number) {
    super(`the ledger of partition ${partition} could not be written for ${seconds} s`);
  }
}
