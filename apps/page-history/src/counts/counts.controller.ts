import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, OrgParam, Requires } from '@pagebridge/service';
import { Extent, Extents } from '../asked/extent.ts';
import { Stored } from '../asked/stored.ts';
import { Mention, type MentionState } from '../rows/mention.entity.ts';

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
  readonly state: MentionState;
  readonly count: string;
  readonly acceptedAt: Date | null;
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
  @ApiOperation({ summary: 'How many pages of each connection are open or wait, and when one was last accepted' })
  @ApiOkResponse({ type: CountsAnswer })
  @ApiProblems(databaseProblems['database-unavailable'])
  async count(@Param() { org }: OrgParam): Promise<CountsAnswer> {
    const extent = await this.extents.now();
    const rows = await this.stored.read((manager) =>
      manager
        .createQueryBuilder(Mention, 'mention')
        .select(['mention.connectionId AS connectionId', 'mention.state AS state', 'COUNT(*) AS count'])
        .addSelect('MAX(mention.acceptedAt)', 'acceptedAt')
        .where('mention.sourceOrg = :org AND mention.connectionId IS NOT NULL', { org })
        .groupBy('mention.connectionId')
        .addGroupBy('mention.state')
        .getRawMany<Row>(),
    );
    const items = [...Map.groupBy(rows, ({ connectionId }) => connectionId)].map(([connectionId, its]) => {
      const countOf = (state: MentionState) => Number(its.find((row) => row.state === state)?.count ?? 0);
      const accepted = its.flatMap(({ acceptedAt }) => (acceptedAt === null ? [] : new Date(acceptedAt).getTime()));
      const lastAcceptedAt = accepted.length === 0 ? null : new Date(Math.max(...accepted)).toISOString();
      return { connectionId, open: countOf('delivered'), waiting: countOf('waiting'), lastAcceptedAt };
    });
    return { items, ...extent };
  }
}
