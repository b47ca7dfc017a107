import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type IdentifiedRequest, OrgParam, Requires, requireHeld } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { ChangeConnection } from '../application/connections/change-connection.use-case.ts';
import { CreateConnection } from '../application/connections/create-connection.use-case.ts';
import { DeleteConnection } from '../application/connections/delete-connection.use-case.ts';
import type { Announce } from '../application/credentials/check-keys.ts';
import { found } from '../application/found.ts';
import type { Reads } from '../application/ports.ts';
import type { Caller } from '../domain/audit.ts';
import { failoverFrom } from '../domain/failover.ts';
import { READS } from '../tokens.ts';
import { AnnounceOf } from './announce-of.decorator.ts';
import {
  ApiActor,
  ApiChange,
  ApiChecks,
  ApiIfMatch,
  ApiProblems,
  changing,
  checking,
  etagHeader,
  reading,
  versioned,
} from './api-docs.ts';
import { CallerOf } from './caller.decorator.ts';
import { ChangedConnectionAnswer, CheckedConnectionAnswer, ConnectionPageAnswer } from './dto/connection-answers.ts';
import { ConnectionPatch, ConnectionPath, DeletionQuery, NewConnection } from './dto/connection-requests.ts';
import { PageRequest } from './dto/page-request.ts';
import { Limited } from './limited.ts';
import { idCursor, pageAnswer, pageQueryOf } from './paging.ts';
import { connectionAnswer, taggedAnswer } from './present.ts';

@ApiTags('connections')
@Controller('v1/source-orgs/:org/connections')
export class ConnectionsController {
  constructor(
    private readonly createConnection: CreateConnection,
    private readonly changeConnection: ChangeConnection,
    private readonly deleteConnection: DeleteConnection,
    private readonly limited: Limited,
    @Inject(READS) private readonly reads: Reads,
  ) {}

  @Requires(['connections:write', 'credentials:write'])
  @Post()
  @ApiOperation({ summary: 'Check keys, store them sealed, and create a connection' })
  @ApiActor()
  @ApiChecks(201, CheckedConnectionAnswer, 'Added.')
  @ApiProblems(
    ...changing,
    ...checking,
    'name-taken',
    'slug-taken',
    'destination-taken',
    'too-many-connections',
    'credential-refused',
    'limit-reached',
  )
  async create(
    @Param() { org }: OrgParam,
    @Body() body: NewConnection,
    @CallerOf() caller: Caller,
    @AnnounceOf() announce: Announce,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer> {
    const input = { sourceOrg: org, allowDuplicate: false, ...body };
    const run = () => this.createConnection.run(input, caller, announce);
    const connection = await this.limited.run('added-connections', response, run, true);
    response.location(`/v1/source-orgs/${org}/connections/${connection.id}`);
    return taggedAnswer(connection, response);
  }

  @Requires('connections:read')
  @Get()
  @ApiOperation({ summary: 'List the connections of a source org, oldest first' })
  @ApiResponse({ status: 200, type: ConnectionPageAnswer, description: 'One page.' })
  @ApiProblems(...reading)
  async list(
    @Param() { org }: OrgParam,
    @Query() page: PageRequest,
    @Req() request: Request,
  ): Promise<ConnectionPageAnswer> {
    const query = pageQueryOf(page, idCursor);
    return pageAnswer(await this.reads.connections(org, query), request, query.limit, connectionAnswer);
  }

  @Requires('connections:read')
  @Get(':id')
  @ApiOperation({ summary: 'Read a connection with its status, last sync and last checks' })
  @ApiResponse({ status: 200, type: CheckedConnectionAnswer, headers: etagHeader, description: 'The connection.' })
  @ApiProblems(...reading)
  async read(
    @Param() { org, id }: ConnectionPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer> {
    return taggedAnswer(found(await this.reads.connection(org, id), `connection ${id}`), response);
  }

  @Requires('connections:write')
  @Patch(':id')
  @ApiOperation({ summary: 'Change a connection, except its keys' })
  @ApiChange(ChangedConnectionAnswer, 'Connection after the change.')
  @ApiProblems(
    ...changing,
    ...versioned,
    'name-taken',
    'slug-taken',
    'own-backup',
    'unknown-backup',
    'connection-deleting',
    'limit-reached',
  )
  async change(
    @Param() { org, id }: ConnectionPath,
    @Body() body: ConnectionPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @Req() request: IdentifiedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ChangedConnectionAnswer> {
    if (body.share !== undefined) requireHeld(request, 'credentials:write');
    const { failover, ...others } = body;
    const change = { ...others, failover: failover ? failoverFrom(failover) : failover };
    const target = { sourceOrg: org, id, ifMatch };
    const run = () => this.changeConnection.run(target, change, caller);
    const { connection, warnings } = await (disablesOnly(body) ? run() : this.limited.run('changes', response, run));
    return { ...taggedAnswer(connection, response), warnings };
  }

  @Requires('connections:write')
  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Delete a connection and its keys, after its open pages are resolved',
    description:
      'The connection is disabled at once. It is deleted after page-delivery has resolved its open pages. With `force`, it is ' +
      'deleted at once, and its open pages stay open.',
  })
  @ApiActor()
  @ApiIfMatch()
  @ApiResponse({
    status: 202,
    type: CheckedConnectionAnswer,
    headers: etagHeader,
    description: 'Deletion in progress; `deletion` shows the progress.',
  })
  @ApiResponse({ status: 204, description: 'Deleted at once by `force`.' })
  @ApiProblems(...changing, ...versioned, 'is-backup')
  async remove(
    @Param() { org, id }: ConnectionPath,
    @Query() { force }: DeletionQuery,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedConnectionAnswer | undefined> {
    const target = { sourceOrg: org, id, ifMatch };
    const leaving = await this.deleteConnection.run(target, { force }, caller);
    if (leaving) return taggedAnswer(leaving, response);
    response.status(204);
    return undefined;
  }
}

// Nobody can use up the means to disable a connection, nor to remove it. Neither needs a limit: to do it again, one must enable or add one.
const disablesOnly = ({ enabled, ...others }: ConnectionPatch): boolean =>
  enabled === false && Object.values(others).every((value) => value === undefined);
