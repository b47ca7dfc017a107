import type { ConsumedRecord, Progress, Taken } from '@pagebridge/kafka';
import type { PartitionPosition } from '../rows/partition-position.entity.ts';
import type { PartitionLag } from '../rows/reader.entity.ts';

const mostLags = 50;

/** Knows what is stored of each partition, and so how far the history has come. */
export class Standing {
  private readonly positions: Map<string, PartitionPosition>;
  /** The times of the last stored records. */
  private readonly lastAt = new Map<string, Date>();

  constructor(positions: readonly PartitionPosition[]) {
    this.positions = new Map(positions.map((position) => [nameOf(position), position]));
  }

  placesOf = (topic: string): PartitionPosition[] =>
    [...this.positions.values()].filter((position) => position.topic === topic);

  /** Returns the positions after what was taken. */
  after({ records, places, missed }: Taken): PartitionPosition[] {
    const firsts = new Map<string, ConsumedRecord>();
    for (const record of records) if (!firsts.has(nameOf(record))) firsts.set(nameOf(record), record);
    const isMissed = new Set(missed.map(nameOf));
    return places.map(({ topic, partition, offset }) => {
      const name = nameOf({ topic, partition });
      const first = firsts.get(name);
      const before = this.positions.get(name)?.keptSince ?? null;
      const keptSince = isMissed.has(name)
        ? new Date(first ? Math.min(first.timestamp, Date.now()) : Date.now())
        : before;
      return { topic, partition, offset, keptSince };
    });
  }

  /** Notes that these are stored. */
  stored({ records }: Taken, positions: readonly PartitionPosition[]): void {
    for (const position of positions) this.positions.set(nameOf(position), position);
    for (const record of records) this.lastAt.set(nameOf(record), new Date(Math.min(record.timestamp, Date.now())));
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
      const stored = this.positions.get(nameOf(at))?.offset ?? 0;
      const isAtEnd = stored >= at.end && at.readToEndAt !== undefined;
      const asOf = isAtEnd ? new Date(at.readToEndAt) : this.lastAt.get(nameOf(at));
      const lag = { topic: at.topic, partition: at.partition, records: Math.max(0, at.end - stored) };
      return { asOf: asOf ?? null, lag };
    });
    const times = partitions.map(({ asOf }) => asOf);
    const isKnown = times.length > 0 && times.every((time) => time !== null);
    const lags = partitions.map(({ lag }) => lag).filter(({ records }) => records > 0);
    const unread = leftOut.map((topic) => ({ topic, partition: 0, records: null }));
    return {
      asOf: isKnown ? new Date(Math.min(...times.map(Number))) : null,
      lag: [...unread, ...lags.toSorted((a, b) => b.records - a.records)].slice(0, mostLags),
    };
  }
}

const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;
