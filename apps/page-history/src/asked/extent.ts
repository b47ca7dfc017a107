import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Days } from '../reading/days.ts';
import { isFor, whereFor } from '../reading/topics.ts';
import { PartitionPosition } from '../rows/partition-position.entity.ts';
import { Reader } from '../rows/reader.entity.ts';
import { Stored } from './stored.ts';

const dayMs = 24 * 60 * 60 * 1000;

export class Lag {
  @ApiProperty()
  topic!: string;
  @ApiProperty()
  partition!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Number of records that are not stored yet; null if the topic cannot be read.',
  })
  records!: number | null;
}

/** Which part of the past an answer is about: what is older, newer or not stored yet is missing in it. */
export class Extent {
  @ApiProperty({ format: 'date-time', description: 'Start of the stored history; older records are deleted.' })
  keptSince!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'All records up to this time are stored; null until the topics have been read once.',
  })
  asOf!: string | null;

  @ApiProperty({ type: () => [Lag], description: 'Partitions with records that are not stored yet, at most 50.' })
  lag!: readonly Lag[];

  @ApiProperty({ type: 'integer', description: 'Records of the stored period that could not be read or stored.' })
  leftOut!: number;
}

const maxLags = 50;
// Longer than it takes to store what was written just now.
const behindMs = 15_000;

/** Returns whether what happened until now may be missing. */
export const isBehind = ({ asOf, lag }: Extent, now: Date): boolean =>
  lag.length > 0 || asOf === null || now.getTime() - Date.parse(asOf) > behindMs;

/** Tells which part of the past is stored. */
@Injectable()
export class Extents {
  constructor(
    private readonly stored: Stored,
    private readonly days: Days,
  ) {}

  /** Of the shared topics and those of the org; `sourceOrg` empty: of all. */
  now(sourceOrg: string): Promise<Extent> {
    const oldest = new Date(this.days.oldest() * dayMs);
    return this.stored.read(async (manager) => {
      const query = manager
        .createQueryBuilder(PartitionPosition, 'position')
        .select('MAX(position.keptSince)', 'since')
        .addSelect('SUM(IF(position.leftOutAt >= :oldest, position.leftOut, 0))', 'leftOut')
        .setParameters({ oldest });
      if (sourceOrg !== '') query.where(...whereFor(sourceOrg, 'position.topic'));
      const gaps = await query.getRawOne<{ readonly since: Date | null; readonly leftOut: string | null }>();
      const { asOf, lag } = await manager.findOneByOrFail(Reader, { id: 1 });
      const behind = lag.filter(({ topic }) => sourceOrg === '' || isFor(sourceOrg, topic));
      const until = Math.min(Number(asOf), ...behind.map((of) => of.until));
      const shown = behind.filter(({ records }) => records !== 0).slice(0, maxLags);
      return {
        keptSince: new Date(Math.max(oldest.getTime(), Number(gaps?.since))).toISOString(),
        asOf: until === 0 ? null : new Date(until).toISOString(),
        lag: shown.map(({ topic, partition, records }) => ({ topic, partition, records })),
        leftOut: Number(gaps?.leftOut),
      };
    });
  }
}
