import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { actorOf, type Identity } from '@pagebridge/access';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, type IdentifiedRequest, IdentityOf, OrgParam, Requires } from '@pagebridge/service';
import { problems } from '../../problems.ts';
import { Choice, ReplayAnswer } from './replays.dto.ts';
import { Replays } from './replays.service.ts';

const refusals = [
  problems['dead-letter-unknown'],
  problems['replay-off'],
  problems['dead-letters-too-large'],
  problems['replay-busy'],
  problems['replay-late'],
  problems['kafka-unavailable'],
  databaseProblems['database-unavailable'],
] as const;

@ApiTags('history')
@Controller('v1/source-orgs/:org/dead-letters')
export class ReplaysController {
  constructor(private readonly replays: Replays) {}

  // A preview reads whole topics, so that not everybody who reads the history may ask for one.
  @Requires('dead-letters:replay')
  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'Preview the replay of dead letters without sending them' })
  @ApiOkResponse({ type: ReplayAnswer })
  @ApiProblems(...refusals)
  async preview(@Param() { org }: OrgParam, @Body() { letters }: Choice): Promise<ReplayAnswer> {
    return { letters: await this.replays.preview(org, letters) };
  }

  @Requires('dead-letters:replay')
  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Replay dead letters, except letters that a preview skips',
  })
  @ApiOkResponse({ type: ReplayAnswer })
  @ApiProblems(...refusals, problems['replay-unfinished'])
  async replay(
    @Param() { org }: OrgParam,
    @Body() { letters }: Choice,
    @IdentityOf() identity: Identity,
    @Req() { id }: IdentifiedRequest,
  ): Promise<ReplayAnswer> {
    const by = { service: 'page-history', sourceOrg: org, actor: actorOf(identity), ...(id ? { requestId: id } : {}) };
    return { letters: await this.replays.replay(org, letters, by) };
  }
}
