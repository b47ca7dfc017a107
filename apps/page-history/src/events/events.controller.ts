import { once } from 'node:events';
import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, eventStream, OrgParam, Requires } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import type { Request, Response } from 'express';
import { problems } from '../problems.ts';
import { News } from './news.service.ts';
import { endOf, OpenStreams } from './open-streams.ts';

const idForm = /^\d{1,20}$/;

class EventsQuery {
  @ApiPropertyOptional({
    description:
      'Id of the last event that the client received; default: the latest event. `Last-Event-ID` has the same meaning.',
  })
  @IsOptional()
  @Matches(idForm, {
    message: 'after must be the id of an event',
    context: { cure: 'Use the id of an event, or omit after to start now.' },
  })
  after?: string;
}

/** Tells browsers what is new, so that they ask for it. */
@ApiTags('history')
@Controller('v1/source-orgs/:org/events')
export class EventsController {
  constructor(
    private readonly news: News,
    private readonly streams: OpenStreams,
  ) {}

  @Requires('history:read')
  @Get()
  @ApiOperation({
    summary: 'Stream alert changes as server-sent events',
    description:
      'Each event has an id. Its name is the kind of the record. Its data is the key of the alert or the id of the connection; ' +
      'an `outcome` event also has the outcome, such as `acknowledged`, and its reason, such as `closed-there`. ' +
      'The stream ends when the token expires, or after a minute for an API token. Resume with `after`, at most 5,000 events back.',
  })
  @ApiOkResponse({ content: { [eventStream]: { schema: { type: 'string' } } } })
  @ApiProblems(problems['too-many-streams'], databaseProblems['database-unavailable'])
  async stream(
    @Param() { org }: OrgParam,
    @Query() { after }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const seen = after ?? (idForm.test(lastEventId ?? '') ? lastEventId : undefined);
    const ended = new AbortController();
    // Before anything is waited for, since the client may leave meanwhile.
    response.on('close', () => ended.abort());
    const expiry = AbortSignal.timeout(endOf(request.headers.authorization));
    const signal = AbortSignal.any([ended.signal, expiry, this.streams.stopping]);
    await this.streams.hold(org, response);
    await this.news.look();
    if (response.closed) return;
    response.writeHead(200, { 'content-type': eventStream, 'x-accel-buffering': 'no' });
    response.flushHeaders();
    try {
      for await (const text of this.news.after(org, seen === undefined ? undefined : Number(seen), signal)) {
        // A client that does not read waits itself: nothing is kept for it here.
        if (!response.write(text)) await once(response, 'drain', { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      response.end();
    }
  }
}
