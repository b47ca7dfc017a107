import { Body, Controller, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@pagebridge/service';
import type { Response } from 'express';
import { RequestSync } from '../application/connections/request-sync.use-case.ts';
import { RevokeSnapshots } from '../application/connections/revoke-snapshots.use-case.ts';
import { CheckConnection } from '../application/credentials/check-connection.use-case.ts';
import type { Announce } from '../application/credentials/check-keys.ts';
import { CheckUse } from '../application/credentials/check-use.use-case.ts';
import { ResealCredentials } from '../application/credentials/reseal-credentials.use-case.ts';
import { RotateCredentials } from '../application/credentials/rotate-credentials.use-case.ts';
import type { Caller } from '../domain/audit.ts';
import { AnnounceOf } from './announce-of.decorator.ts';
import {
  ApiActor,
  ApiChecks,
  ApiIfMatch,
  ApiProblems,
  changing,
  checking,
  etagHeader,
  limitHeaders,
  versioned,
} from './api-docs.ts';
import { CallerOf } from './caller.decorator.ts';
import { CheckedConnectionAnswer, CheckReportAnswer, SyncRequestedAnswer } from './dto/connection-answers.ts';
import { ConnectionPath } from './dto/connection-requests.ts';
import { CheckRequest, NewCredentials, ResealedCredentials } from './dto/credential-requests.ts';
import { Limited } from './limited.ts';
import { taggedAnswer } from './present.ts';

@ApiTags('connections')
@Controller('v1/source-orgs/:org/connections/:id')
export class ConnectionActionsController {
  constructor(
    private readonly rotateCredentials: RotateCredentials,
    private readonly resealCredentials: ResealCredentials,
    private readonly checkConnection: CheckConnection,
    private readonly checkUse: CheckUse,
    private readonly requestSync: RequestSync,
    private readonly revokeSnapshots: RevokeSnapshots,
    private readonly limited: Limited,
  ) {}

  @Requires('credentials:write')
  @Put('credentials')
  @ApiOperation({ summary: 'Replace the keys after the new pair passes every check' })
  @ApiIfMatch()
  @ApiActor()
  @ApiChecks(200, CheckedConnectionAnswer, 'Connection with the new keys.')
  @ApiProblems(...changing, ...versioned, ...checking, 'connection-deleting', 'credential-refused', 'limit-reached')
  async rotate(
    @Param() { org, id }: ConnectionPath,
    @Body() { apiKey, applicationKey }: NewCredentials,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @AnnounceOf() announce: Announce,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer> {
    const target = { sourceOrg: org, id, ifMatch };
    const run = () => this.rotateCredentials.run(target, { apiKey, applicationKey }, caller, announce);
    return taggedAnswer(await this.limited.run('rotations', response, run, true), response);
  }

  @Requires('credentials:reseal')
  @Put('credentials/sealed')
  @ApiOperation({
    summary: 'Store the same keys again, sealed for the current public key',
    description:
      'For `pagebridge reseal`, when sealing keys are rotated. This service cannot decrypt the keys and checks only the format of ' +
      'the envelope and its key id. Revision, checks and status do not change.',
  })
  @ApiActor()
  @ApiIfMatch()
  @ApiResponse({ status: 200, type: CheckedConnectionAnswer, headers: etagHeader, description: 'The connection.' })
  @ApiProblems(...changing, ...versioned, 'seal-unfit')
  async reseal(
    @Param() { org, id }: ConnectionPath,
    @Body() { sealed, former }: ResealedCredentials,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer> {
    const target = { sourceOrg: org, id, ifMatch };
    return taggedAnswer(await this.resealCredentials.run(target, { sealed, former }, caller), response);
  }

  @Requires('connections:write')
  @Post('check')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Check the stored keys again',
    description:
      'This service cannot decrypt the stored keys. Without a body, it asks handle-sync to use the stored keys now, and waits ' +
      'a few seconds for the report. With both keys in the body, it runs every check itself.',
  })
  @ApiActor()
  @ApiBody({ type: CheckRequest, required: false })
  @ApiChecks(200, CheckReportAnswer, 'Every check and its result.')
  @ApiProblems(
    ...changing,
    ...checking,
    'connection-deleting',
    'connection-disabled',
    'other-credential',
    'limit-reached',
  )
  async check(
    @Param() { org, id }: ConnectionPath,
    @Body() { apiKey, applicationKey }: CheckRequest,
    @CallerOf() caller: Caller,
    @AnnounceOf() announce: Announce,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckReportAnswer> {
    const target = { sourceOrg: org, id };
    const keys = apiKey !== undefined && applicationKey !== undefined ? { apiKey, applicationKey } : undefined;
    const run = () =>
      keys ? this.checkConnection.run(target, keys, caller, announce) : this.checkUse.run(target, caller, announce);
    const { connection, result, checks } = await this.limited.run('checks', response, run, keys !== undefined);
    return { result, ...taggedAnswer(connection, response, checks) };
  }

  @Requires('connections:write')
  @Post('sync')
  @HttpCode(202)
  @ApiOperation({ summary: "Request a sync of the destination's teams" })
  @ApiActor()
  @ApiResponse({
    status: 202,
    type: SyncRequestedAnswer,
    headers: limitHeaders,
    description: 'Sync requested. The connection shows the result.',
  })
  @ApiProblems(...changing, 'connection-deleting', 'connection-disabled', 'limit-reached')
  async sync(
    @Param() { org, id }: ConnectionPath,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SyncRequestedAnswer> {
    const { requestedAt, requestId } = await this.limited.run('syncs', response, () =>
      this.requestSync.run(org, id, caller),
    );
    response.location(`/v1/source-orgs/${org}/connections/${id}`);
    return { connectionId: id, requestId, requestedAt: requestedAt.toISOString() };
  }

  @Requires('credentials:write')
  @Post('revoke-snapshots')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Revoke the snapshot links of a connection',
    description:
      'Revoked links never work again, even if the connection shares snapshots later. Links in later pages work.',
  })
  @ApiActor()
  @ApiResponse({
    status: 200,
    type: CheckedConnectionAnswer,
    headers: { ...etagHeader, ...limitHeaders },
    description: 'The connection.',
  })
  @ApiProblems(...changing, 'limit-reached')
  async revoke(
    @Param() { org, id }: ConnectionPath,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer> {
    const run = () => this.revokeSnapshots.run(org, id, caller);
    return taggedAnswer(await this.limited.run('rotations', response, run), response);
  }
}
