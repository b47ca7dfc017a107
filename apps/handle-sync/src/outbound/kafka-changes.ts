import { HandleChanges, handleKeyParts } from '@pagebridge/contracts';
import { type ConsumedRecord, KafkaError, type RangeReader } from '@pagebridge/kafka';
import type { PartitionOf } from '../application/owned-partitions.ts';
import { type ChangeLog, type ChangeQuery, ChangesNotReadError, TooManyChangesError } from '../application/ports.ts';
import type { PlacedChange } from '../domain/latest-changes.ts';

export interface ChangeBounds {
  /** Records that one answer may read, those of other directories too. */
  readonly records: number;
  /** Readings at once, those that wait for the same partition included. */
  readonly readings: number;
  /** The same for one source org, so that others are served while one asks for as much as it can. */
  readonly readingsOfOrg: number;
  readonly timeoutMs: number;
}

/** Reads `paging.handle-changes.v1` each time that it is asked: only the partitions of the directories, only since the time. */
export class KafkaChanges implements ChangeLog {
  /** The source org of each reading under way. */
  private readonly underWay: string[] = [];

  constructor(
    private readonly reader: Pick<RangeReader, 'readSince'>,
    private readonly partitionOf: PartitionOf,
    private readonly bounds: ChangeBounds,
  ) {}

  async read(query: ChangeQuery, take: (change: PlacedChange) => void): Promise<void> {
    if (query.directories.size === 0) return;
    this.requirePlace(query.sourceOrg);
    const { timeoutMs } = this.bounds;
    const late = Promise.withResolvers<never>();
    const end = new AbortController();
    const timer = setTimeout(() => late.reject(new ChangesNotReadError(`not read within ${timeoutMs} ms`)), timeoutMs);
    this.underWay.push(query.sourceOrg);
    // While Kafka is away a reading goes on when its caller has long been refused, and keeps its place until then.
    const reading = this.readAll(query, take, end.signal).finally(() => {
      this.underWay.splice(this.underWay.indexOf(query.sourceOrg), 1);
    });
    try {
      await Promise.race([reading, late.promise]);
    } catch (error) {
      throw error instanceof KafkaError ? new ChangesNotReadError(error.message, { cause: error }) : error;
    } finally {
      clearTimeout(timer);
      end.abort(new ChangesNotReadError('nobody waits for it any more'));
    }
  }

  private requirePlace(sourceOrg: string): void {
    const { readings, readingsOfOrg } = this.bounds;
    if (this.underWay.length >= readings) throw new ChangesNotReadError(`${readings} others are reading the changes`);
    const its = this.underWay.filter((org) => org === sourceOrg).length;
    if (its >= readingsOfOrg)
      throw new ChangesNotReadError(`${readingsOfOrg} others are reading the changes of this source org`);
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
      if (left < 0) throw new TooManyChangesError(`more than ${this.bounds.records} changes since that time`);
      const placed = placedIn(record, directories);
      if (!placed || placed.atMs < sinceMs) return;
      const { directory, generation } = placed.change;
      // What a former owner says is not so; tables ignore it too.
      if (generation < (newest.get(directory) ?? 0)) return;
      newest.set(directory, generation);
      take(placed);
    };
    const { topic } = HandleChanges.card;
    await Promise.all(partitions.map((partition) => this.reader.readSince(topic, partition, sinceMs, onRecord)));
  }
}

// The key tells whose it is: what is of others is not decoded.
function placedIn(record: ConsumedRecord, directories: ReadonlySet<string>): PlacedChange | undefined {
  const [directory] = handleKeyParts(record.key?.toString('utf8') ?? '') ?? [];
  if (directory === undefined || !directories.has(directory)) return undefined;
  const read = HandleChanges.decode(record);
  if (!read.ok || read.event.data.directory !== directory) return undefined;
  const { partition, offset } = record;
  return { atMs: Date.parse(read.event.data.at), partition, offset, change: read.event.data };
}
