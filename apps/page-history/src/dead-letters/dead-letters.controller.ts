import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, OrgParam, Requires } from '@pagebridge/service';
import { hopOf } from '@pagebridge/trace';
import type { Request } from 'express';
import { Extent, Extents } from '../asked/extent.ts';
import { ListQuery, linkTo, Next } from '../asked/list-query.ts';
import { partOf } from '../asked/listing.ts';
import { Stored } from '../asked/stored.ts';
import { storedRecordOf } from '../reading/record-row.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';

class LetterPlace {
  @ApiProperty()
  topic!: string;
  @ApiProperty()
  partition!: number;
  @ApiProperty()
  offset!: number;
}

class DeadLetterAnswer extends LetterPlace {
  @ApiProperty({ description: 'Of the original.' })
  of!: LetterPlace;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ description: 'Title of the alert.' })
  title!: string;
  @ApiProperty()
  reason!: string;
  @ApiProperty({ description: 'The reason in a sentence.' })
  detail!: string;
}

class DeadLetterList extends Extent {
  @ApiProperty({ type: () => [DeadLetterAnswer], description: 'The latest first.' })
  items!: readonly DeadLetterAnswer[];
  @Next()
  next!: string | null;
}

// Without the value, which is as large as its producer likes.
const places = ['id', 'day', 'at', 'topic', 'partition', 'offset', 'key', 'title', 'headers'] as const;

/** Lists the dead letters that are known to be about alerts of an org; those that cannot be read are nobody's. */
@ApiTags('history')
@Controller('v1/source-orgs/:org/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly stored: Stored,
    private readonly extents: Extents,
  ) {}

  @Requires('history:read')
  @Get()
  @ApiOperation({ summary: 'Dead letters of alerts and pages, the latest first, in pages' })
  @ApiOkResponse({ type: DeadLetterList })
  @ApiProblems(databaseProblems['database-unavailable'])
  async list(@Param() { org }: OrgParam, @Query() query: ListQuery, @Req() request: Request): Promise<DeadLetterList> {
    const extent = await this.extents.now();
    const { rows, next } = await this.stored.read((manager) => {
      const letters = manager
        .createQueryBuilder(HistoryRecord, 'record')
        .select(places.map((column) => `record.${column}`))
        .where('record.sourceOrg = :org AND record.kind = :kind', { org, kind: 'dead-letter' });
      return partOf(letters, query);
    });
    return {
      items: rows.flatMap(answerOf),
      next: linkTo(request, next),
      ...extent,
    };
  }
}

function answerOf(record: HistoryRecord): DeadLetterAnswer[] {
  const hop = hopOf(storedRecordOf(record));
  if (hop.kind !== 'dead-letter') return [];
  const { topic, partition, offset, at, letter } = hop;
  return [{ topic, partition, offset, at, title: record.title ?? '', ...letter }];
}
