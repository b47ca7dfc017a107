import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, OrgParam, Requires } from '@pagebridge/service';
import { DataSource } from 'typeorm';
import { Extent, Extents } from '../asked/extent.ts';
import { Mention } from '../rows/mention.entity.ts';

class ConnectionCounts {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;
  @ApiProperty({ description: 'Pages that the destination has accepted and that are not resolved.' })
  open!: number;
  @ApiProperty({ description: 'Pages that the destination has not accepted yet.' })
  waiting!: number;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  lastAcceptedAt!: string | null;
}

class CountsAnswer extends Extent {
  @ApiProperty({ type: () => [ConnectionCounts], description: 'The connections with pages that are kept.' })
  items!: readonly ConnectionCounts[];
}

interface Row {
  readonly connectionId: string;
  readonly open: string;
  readonly waiting: string;
  readonly acceptedAt: Date | null;
}

/** Counts the pages of each connection of an org. */
@ApiTags('history')
@Controller('v1/source-orgs/:org/page-counts')
export class CountsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly extents: Extents,
  ) {}

  @Requires('history:read')
  @Get()
  @ApiOperation({ summary: 'How many pages of each connection are open or wait, and when one was last accepted' })
  @ApiOkResponse({ type: CountsAnswer })
  @ApiProblems(databaseProblems['database-unavailable'])
  async count(@Param() { org }: OrgParam): Promise<CountsAnswer> {
    const extent = await this.extents.now();
    const rows = await this.dataSource.manager
      .createQueryBuilder(Mention, 'mention')
      .select('mention.connectionId', 'connectionId')
      .addSelect("SUM(mention.state = 'delivered')", 'open')
      .addSelect("SUM(mention.state = 'waiting')", 'waiting')
      .addSelect('MAX(mention.acceptedAt)', 'acceptedAt')
      .where('mention.sourceOrg = :org AND mention.pageId IS NOT NULL', { org })
      .groupBy('mention.connectionId')
      .getRawMany<Row>();
    const items = rows.map(({ connectionId, open, waiting, acceptedAt }) => ({
      ...{ connectionId, open: Number(open), waiting: Number(waiting) },
      lastAcceptedAt: acceptedAt === null ? null : new Date(acceptedAt).toISOString(),
    }));
    return { items, ...extent };
  }
}
