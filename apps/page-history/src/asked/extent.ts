import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Days } from '../reading/days.ts';
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
    description: 'Records that were written and are not stored yet; null: the topic cannot be read.',
  })
  records!: number | null;
}

/** Which part of the past an answer is about: what is older, newer or not stored yet is missing in it. */
export class Extent {
  @ApiProperty({ format: 'date-time', description: 'What is older is not kept.' })
  keptSince!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Everything that was written before is stored; null until the topics have been read once.',
  })
  asOf!: string | null;

  @ApiProperty({ type: () => [Lag], description: 'The partitions that are not stored to their end, at most 50.' })
  lag!: readonly Lag[];
}

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

  async now(): Promise<Extent> {
    const { reader, since } = await this.stored.read(async (manager) => {
      const latest = manager
        .createQueryBuilder(PartitionPosition, 'position')
        .select('MAX(position.keptSince)', 'since');
      const found = await latest.getRawOne<{ since: Date | null }>();
      return { reader: await manager.findOneByOrFail(Reader, { id: 1 }), since: found?.since ?? null };
    });
    const oldest = this.days.oldest() * dayMs;
    const keptSince = new Date(Math.max(oldest, since === null ? 0 : new Date(since).getTime()));
    return { keptSince: keptSince.toISOString(), asOf: reader.asOf?.toISOString() ?? null, lag: reader.lag };
  }
}
