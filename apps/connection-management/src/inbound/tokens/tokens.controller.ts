import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Identity } from '@pagebridge/access';
import { systemClock as clock, IdentityOf, OrgParam, Requires } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { found } from '../../application/found.ts';
import type { Reads } from '../../application/ports.ts';
import { MakeToken, type TokenInput } from '../../application/tokens/make-token.use-case.ts';
import { RevokeToken } from '../../application/tokens/revoke-token.use-case.ts';
import type { Caller } from '../../domain/audit.ts';
import type { AccessToken } from '../../domain/tokens/access-token.ts';
import { READS } from '../../tokens.ts';
import { ApiActor, ApiProblems, changing, limitHeaders, reading } from '../api-docs.ts';
import { CallerOf } from '../caller.decorator.ts';
import { Limited } from '../limited.ts';
import { idCursor, pageAnswer, pageQueryOf } from '../paging.ts';
import { MadeTokenAnswer, TokenAnswer, TokenPageAnswer, tokenAnswer } from './token-answers.ts';
import { NewToken, TokenPath, TokensRequest } from './token-requests.ts';

@ApiTags('API tokens')
@Controller('v1/source-orgs/:org/tokens')
export class TokensController {
  constructor(
    private readonly makeToken: MakeToken,
    private readonly revokeToken: RevokeToken,
    private readonly limited: Limited,
    @Inject(READS) private readonly reads: Reads,
  ) {}

  @Requires('tokens:write')
  @Post()
  @ApiOperation({ summary: "Create an API token with at most the caller's permissions" })
  @ApiActor()
  @ApiResponse({ status: 201, type: MadeTokenAnswer, headers: limitHeaders, description: 'Made.' })
  @ApiProblems(
    ...changing,
    'expiry-out-of-range',
    'unknown-integration',
    'permission-not-held',
    'tokens-off',
    'too-many-tokens',
    'too-many-kept-tokens',
    'limit-reached',
  )
  async create(
    @Param() { org }: OrgParam,
    @Body() body: NewToken,
    @IdentityOf() identity: Identity,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MadeTokenAnswer> {
    const run = () => this.makeToken.run(inputOf(org, body), identity, caller);
    const { token, made } = await this.limited.run('made-tokens', response, run);
    response.location(`/v1/source-orgs/${org}/tokens/${made.id}`);
    return { ...answer(made), token };
  }

  @Requires('tokens:read')
  @Get()
  @ApiOperation({ summary: 'List the API tokens of a source org, oldest first' })
  @ApiResponse({ status: 200, type: TokenPageAnswer, description: 'One page.' })
  @ApiProblems(...reading)
  async list(
    @Param() { org }: OrgParam,
    @Query() { integration, ...page }: TokensRequest,
    @Req() request: Request,
  ): Promise<TokenPageAnswer> {
    const query = pageQueryOf(page, idCursor);
    return pageAnswer(await this.reads.tokens(org, query, integration), request, query.limit, answer);
  }

  @Requires('tokens:read')
  @Get(':id')
  @ApiOperation({ summary: 'Read the permissions and the last use of an API token' })
  @ApiResponse({ status: 200, type: TokenAnswer, description: 'The token.' })
  @ApiProblems(...reading)
  async read(@Param() { org, id }: TokenPath): Promise<TokenAnswer> {
    return answer(found(await this.reads.token(org, id), `API token ${id}`));
  }

  @Requires('tokens:write')
  @Delete(':id')
  @ApiOperation({
    summary: 'Revoke an API token (effective in about two seconds)',
  })
  @ApiActor()
  @ApiResponse({ status: 200, type: TokenAnswer, description: 'The token is revoked.' })
  @ApiProblems(...changing)
  async revoke(@Param() { org, id }: TokenPath, @CallerOf() caller: Caller): Promise<TokenAnswer> {
    return answer(await this.revokeToken.run(org, id, caller));
  }
}

const answer = (token: AccessToken): TokenAnswer => tokenAnswer(token, clock.now());

// The validation ensures that exactly one field of each pair is given.
const inputOf = (
  sourceOrg: string,
  { name, role, permissions, integration, expiresAt, expiresInDays }: NewToken,
): TokenInput => ({
  sourceOrg,
  name,
  scope: role ? { role } : { permissions: permissions ?? [] },
  integration,
  expiry: expiresAt === undefined ? { days: expiresInDays ?? 0 } : { at: new Date(expiresAt) },
});
