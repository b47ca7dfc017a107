import { HandleChanges, handleKeyParts } from '@pagebridge/contracts';
import { type ConsumedRecord, KafkaError, type RangeReader } from '@pagebridge/kafka';
import type { PartitionOf } from '../application/owned-partitions.ts';
import { type ChangeLog, type ChangeQuery, ChangesNotReadError, TooManyChangesError } from '../application/ports.ts';
import type { PlacedChange } from '../domain/latest-changes.ts';

export interface ChangeBounds {
  /** The maximum number of records that one request may read, including those of other directories. */
  readonly records: number;
  /** The maximum number of concurrent reads, including those that wait for the same partition. */
  readonly reads: number;
  /** The maximum for one source org, so that one org cannot use up all reads. */
  readonly readsOfOrg: number;
  readonly timeoutMs: number;
}

/** Reads `paging.handle-changes.v1` for each request: only the partitions of the directories, only since the time. */
export class KafkaChanges implements ChangeLog {
  /** The source org of each read in progress. */
  private readonly inProgress: string[] = [];

  constructor(
    private readonly reader: Pick<RangeReader, 'readSince'>,
    private readonly partitionOf: PartitionOf,
    private readonly bounds: ChangeBounds,
  ) {}

  async read(query: ChangeQuery, take: (change: PlacedChange) => void): Promise<void> {
    if (query.directories.size === 0) return;
    this.requireCapacity(query.sourceOrg);
    const { timeoutMs } = this.bounds;
    const timedOut = Promise.withResolvers<never>();
    const end = new AbortController();
    const timer = setTimeout(
      () => timedOut.reject(new ChangesNotReadError(`the log was not read within ${timeoutMs} ms`)),
      timeoutMs,
    );
    this.inProgress.push(query.sourceOrg);
    // While Kafka is down, a read continues after its caller was refused, and counts as in progress until it ends.
    const reading = this.readAll(query, take, end.signal).finally(() => {
      this.inProgress.splice(this.inProgress.indexOf(query.sourceOrg), 1);
    });
    try {
      await Promise.race([reading, timedOut.promise]);
    } catch (error) {
      throw error instanceof KafkaError ? new ChangesNotReadError(error.message, { cause: error }) : error;
    } finally {
      clearTimeout(timer);
      end.abort(new ChangesNotReadError('the request has ended'));
    }
  }

  private requireCapacity(sourceOrg: string): void {
    const { reads, readsOfOrg } = this.bounds;
    if (this.inProgress.length >= reads) throw new ChangesNotReadError(`${reads} other requests are reading changes`);
    const ofOrg = this.inProgress.filter((org) => org === sourceOrg).length;
    if (ofOrg >= readsOfOrg)
      throw new ChangesNotReadError(`${readsOfOrg} other requests are reading changes of this source org`);
  }

  private async readAll(
    { directories, sinceMs }: ChangeQuery,
    take: (change: PlacedChange) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const partitions = [...new Set([...directories].map(this.partitionOf))];
    const newest = new Map<string, number>();
    let left = this.bounds.records;
    const onRecord = (record: ConsumedRecord) => {
      signal.throwIfAborted();
      left -= 1;
      if (left < 0) throw new TooManyChangesError(`there are more than ${this.bounds.records} changes since that time`);
      const placed = placedIn(record, directories);
      if (!placed || placed.atMs < sinceMs) return;
      const { directory, ownerEpoch } = placed.change;
      // Records of a former owner are invalid; the tables ignore them too.
      if (ownerEpoch < (newest.get(directory) ?? 0)) return;
      newest.set(directory, ownerEpoch);
      take(placed);
    };
    const { topic } = HandleChanges.card;
    await Promise.all(partitions.map((partition) => this.reader.readSince(topic, partition, sinceMs, onRecord)));
  }
}

// The key has the directory, so that records of other directories need not be decoded.
function placedIn(record: ConsumedRecord, directories: ReadonlySet<string>): PlacedChange | undefined {
  const [directory] = handleKeyParts(record.key?.toString('utf8') ?? '') ?? [];
  if (directory === undefined || !directories.has(directory)) return undefined;
  const read = HandleChanges.decode(record);
  if (!read.ok || read.event.data.directory !== directory) return undefined;
  const { partition, offset } = record;
  return { atMs: Date.parse(read.event.data.at), partition, offset, change: read.event.data };
}
