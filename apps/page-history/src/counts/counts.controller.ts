import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, OrgParam, Requires } from '@pagebridge/service';
import { Extent, Extents } from '../asked/extent.ts';
import { Stored } from '../asked/stored.ts';
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
  @ApiProperty({ type: () => [ConnectionCounts], description: 'Connections with pages in the stored history.' })
  items!: readonly ConnectionCounts[];
}

/** Counts the pages of each connection of an org. */
@ApiTags('history')
@Controller('v1/source-orgs/:org/page-counts')
export class CountsController {
  constructor(
    private readonly stored: Stored,
    private readonly extents: Extents,
  ) {}

  @Requires('history:read')
  @Get()
  @ApiOperation({
    summary: 'Count the open and waiting pages of each connection',
  })
  @ApiOkResponse({ type: CountsAnswer })
  @ApiProblems(databaseProblems['database-unavailable'])
  async count(@Param() { org }: OrgParam): Promise<CountsAnswer> {
    const extent = await this.extents.now(org);
    const rows = await this.stored.read((manager) =>
      manager
        .createQueryBuilder(Mention, 'mention')
        .select(['mention.connectionId AS connectionId', 'MAX(mention.acceptedAt) AS lastAcceptedAt'])
        .addSelect("SUM(mention.state = 'delivered')", 'open')
        .addSelect("SUM(mention.state = 'waiting')", 'waiting')
        .where('mention.sourceOrg = :org AND mention.connectionId IS NOT NULL', { org })
        .groupBy('mention.connectionId')
        .getRawMany<ConnectionCounts>(),
    );
    const items = rows.map(({ connectionId, open, waiting, lastAcceptedAt: at }) => ({
      ...{ connectionId, open: Number(open), waiting: Number(waiting) },
      lastAcceptedAt: at === null ? null : new Date(at).toISOString(),
    }));
    return { items, ...extent };
  }
}
