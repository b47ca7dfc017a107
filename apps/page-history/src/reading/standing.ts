import { type Progress, partitionName, type Taken } from '@pagebridge/kafka';
import type { PartitionPosition } from '../rows/partition-position.entity.ts';
import type { PartitionLag } from '../rows/reader.entity.ts';
import type { Reached } from './history-writer.ts';
import { timeIn } from './record-row.ts';

const maxLags = 1000;

/** Knows what is stored of each partition, and so how far the history has come. */
export class Standing {
  private readonly positions: Map<string, PartitionPosition>;
  /** Until when everything of a partition is stored, in milliseconds since 1970. */
  private readonly until: Map<string, number>;

  constructor({ positions, asOf, lag }: Reached) {
    this.positions = new Map(positions.map((position) => [partitionName(position), position]));
    const behind = new Map(lag.map((of) => [of.records === null ? of.topic : partitionName(of), of.until]));
    const untilOf = (of: PartitionPosition) => behind.get(of.topic) ?? behind.get(partitionName(of)) ?? Number(asOf);
    this.until = new Map(positions.map((position) => [partitionName(position), untilOf(position)]));
  }

  placesOf = (topic: string): PartitionPosition[] =>
    [...this.positions.values()].filter((position) => position.topic === topic);

  /** Returns the positions after what was taken. */
  after({ records, places, missed, skipped }: Taken): PartitionPosition[] {
    const firsts = new Map(records.toReversed().map((record) => [partitionName(record), record]));
    const isMissed = new Set(missed.map(partitionName));
    const now = new Date();
    return places.map(({ topic, partition, offset }) => {
      const name = partitionName({ topic, partition });
      const first = firsts.get(name);
      const { keptSince = null, leftOut = 0, leftOutAt = null } = this.positions.get(name) ?? {};
      const left = skipped.reduce((sum, of) => sum + (partitionName(of) === name ? of.records : 0), 0);
      return {
        ...{ topic, partition, offset, leftOut: leftOut + left, leftOutAt: left > 0 ? now : leftOutAt },
        keptSince: isMissed.has(name) ? (first ? timeIn(first, now) : now) : keptSince,
      };
    });
  }

  /** Notes that these are stored. */
  stored({ records }: Taken, positions: readonly PartitionPosition[]): void {
    for (const position of positions) this.positions.set(partitionName(position), position);
    const now = new Date();
    for (const record of records) this.reach(partitionName(record), timeIn(record, now).getTime());
  }

  /**
   * Returns the partitions of which something is read but not stored, or written but not read, and until when everything of the
   * others is stored. Of topics that are left out, nothing more is stored.
   */
  summary(progress: readonly Progress[], leftOut: readonly string[] = []): Pick<Reached, 'asOf' | 'lag'> {
    const lag: PartitionLag[] = leftOut.map((topic) => {
      const its = this.placesOf(topic).map((place) => this.until.get(partitionName(place)) ?? 0);
      return { topic, partition: 0, records: null, until: its.length === 0 ? 0 : Math.min(...its) };
    });
    // If none is stored to its end, each has a time of its own.
    let until = progress.length === 0 ? 0 : Date.now();
    for (const { topic, partition, end, readToEndAt } of progress) {
      const name = partitionName({ topic, partition });
      // Before the first place is stored, nothing is.
      const records = Math.max(0, end - (this.positions.get(name)?.offset ?? 0));
      if (records === 0 && readToEndAt !== undefined) until = Math.min(until, this.reach(name, readToEndAt));
      else lag.push({ topic, partition, records, until: this.until.get(name) ?? 0 });
    }
    lag.sort((a, b) => (b.records ?? Number.POSITIVE_INFINITY) - (a.records ?? 0));
    // Those that are too many hold back all orgs.
    const asOf = Math.min(until, ...lag.slice(maxLags).map((of) => of.until));
    return { asOf: asOf === 0 ? null : new Date(asOf), lag: lag.slice(0, maxLags) };
  }

  private reach(name: string, time: number): number {
    const until = Math.max(time, this.until.get(name) ?? 0);
    this.until.set(name, until);
    return until;
  }
}
