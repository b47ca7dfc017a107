/**
 * Finds the poison record of a partition: its batch is retried, then delivered record by record.
 *
 * The state is only in memory: after a restart the search starts again, since no offset past the record was committed.
 */
export class PoisonRecordSearch {
  /** How often the handler has thrown at the present batch. */
  failures = 0;
  /** The last offset to deliver alone. */
  private lastAlone = -1;

  /** `attempts`: the number of attempts for a batch before it is taken apart, and for a record before it is parked. */
  constructor(private readonly attempts: number) {}

  /** The maximum number of records to deliver at once. */
  get width(): number {
    return this.lastAlone < 0 ? Number.POSITIVE_INFINITY : 1;
  }

  /** Records that the handler threw, unless Kafka was away. Returns whether the record, which is alone, must be parked. */
  failed(last: number, records: number): boolean {
    this.failures += 1;
    if (this.failures < this.attempts) return false;
    if (records === 1) this.passed(last);
    else [this.failures, this.lastAlone] = [0, last];
    return records === 1;
  }

  /** Records that all records up to this offset, inclusive, are handled or parked. */
  passed(last: number): void {
    this.failures = 0;
    if (last >= this.lastAlone) this.lastAlone = -1;
  }
}
