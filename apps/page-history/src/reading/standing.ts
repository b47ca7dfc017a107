import { type ConsumedRecord, type Progress, partitionName, type Taken } from '@pagebridge/kafka';
import type { PartitionPosition } from '../rows/partition-position.entity.ts';
import type { PartitionLag } from '../rows/reader.entity.ts';
import { timeIn } from './record-row.ts';

const maxLags = 50;

/** Knows what is stored of each partition, and so how far the history has come. */
export class Standing {
  private readonly positions: Map<string, PartitionPosition>;
  /** The times of the last stored records. */
  private readonly lastAt = new Map<string, Date>();

  constructor(positions: readonly PartitionPosition[]) {
    this.positions = new Map(positions.map((position) => [partitionName(position), position]));
  }

  placesOf = (topic: string): PartitionPosition[] =>
    [...this.positions.values()].filter((position) => position.topic === topic);

  /** Returns the positions after what was taken. */
  after({ records, places, missed }: Taken): PartitionPosition[] {
    const firsts = new Map<string, ConsumedRecord>();
    for (const record of records) if (!firsts.has(partitionName(record))) firsts.set(partitionName(record), record);
    const isMissed = new Set(missed.map(partitionName));
    return places.map(({ topic, partition, offset }) => {
      const name = partitionName({ topic, partition });
      const first = firsts.get(name);
      const before = this.positions.get(name)?.keptSince ?? null;
      const now = new Date();
      const keptSince = isMissed.has(name) ? (first ? timeIn(first, now) : now) : before;
      return { topic, partition, offset, keptSince };
    });
  }

  /** Notes that these are stored. */
  stored({ records }: Taken, positions: readonly PartitionPosition[]): void {
    for (const position of positions) this.positions.set(partitionName(position), position);
    const now = new Date();
    for (const record of records) this.lastAt.set(partitionName(record), timeIn(record, now));
  }

  /**
   * Returns until when everything is stored, and what is read but not stored, or written but not read. Of topics that are left out,
   * nothing is stored.
   */
  summary(
    progress: readonly Progress[],
    leftOut: readonly string[] = [],
  ): { readonly asOf: Date | null; readonly lag: readonly PartitionLag[] } {
    const partitions = progress.map((at) => {
      // Before the first place is stored, nothing is.
      const stored = this.positions.get(partitionName(at))?.offset ?? 0;
      const isAtEnd = stored >= at.end && at.readToEndAt !== undefined;
      const asOf = isAtEnd ? new Date(at.readToEndAt) : this.lastAt.get(partitionName(at));
      const lag = { topic: at.topic, partition: at.partition, records: Math.max(0, at.end - stored) };
      return { asOf: asOf ?? null, lag };
    });
    const times = partitions.map(({ asOf }) => asOf);
    const isKnown = times.length > 0 && times.every((time) => time !== null);
    const lags = partitions.map(({ lag }) => lag).filter(({ records }) => records > 0);
    const unread = leftOut.map((topic) => ({ topic, partition: 0, records: null }));
    return {
      asOf: isKnown ? new Date(Math.min(...times.map(Number))) : null,
      lag: [...unread, ...lags.toSorted((a, b) => b.records - a.records)].slice(0, maxLags),
    };
  }
}
