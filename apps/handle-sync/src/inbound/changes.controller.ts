import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type ConnectionSummary, HandleRegistry } from '@pagebridge/handle-registry';
import {
  ApiProblems,
  invalid,
  listProblems,
  nextPage,
  OrgParam,
  Problem,
  Requires,
  Startup,
  serviceProblems,
} from '@pagebridge/service';
import { handleOf } from '@pagebridge/vocabulary';
import type { Request } from 'express';
import { type ChangeLog, ChangesNotReadError, TooManyChangesError } from '../application/ports.ts';
import { LatestChanges, type PlacedChange } from '../domain/latest-changes.ts';
import { cursorOf, placeIn } from './change-cursor.ts';
import { ChangeList, ChangesQuery, type ListedChange } from './changes.dto.ts';

export const CHANGE_LOG = Symbol('ChangeLog');

const problems = listProblems({ 'changes-not-read': [503, 'Changes cannot be read'] });

const hourMs = 60 * 60 * 1000;
const defaultMs = 24 * hourMs;
const maxMs = 7 * 24 * hourMs;
// The additional time for paging through seven days.
const pagingMs = hourMs;

/** Serves the changes in the directories that an org uses, over connections that its destinations accept. Any instance answers for every org. */
@ApiTags('handles')
@Controller('v1/source-orgs/:org/handles/changes')
export class ChangesController {
  constructor(
    @Inject(CHANGE_LOG) private readonly log: ChangeLog,
    private readonly registry: HandleRegistry,
    private readonly startup: Startup,
  ) {}

  @Requires('handles:read')
  @Get()
  @ApiOperation({ summary: 'List handle changes, latest first' })
  @ApiOkResponse({ type: ChangeList })
  @ApiProblems(serviceProblems['not-ready'], problems['changes-not-read'])
  async find(
    @Param() { org }: OrgParam,
    @Query() { since, limit, cursor }: ChangesQuery,
    @Req() request: Request,
  ): Promise<ChangeList> {
    this.startup.requireDone();
    const sinceMs = sinceOf(since, Date.now(), cursor !== undefined);
    const connections = this.registry.offeredTo(org);
    const latest = new LatestChanges(limit + 1, cursor === undefined ? undefined : placeIn(cursor));
    const directories = new Set(connections.map(({ directory }) => directory));
    await this.log.read({ sourceOrg: org, directories, sinceMs }, (change) => latest.add(change)).catch(refuse);
    const found = latest.sorted();
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const from = new Date(sinceMs).toISOString();
    return {
      items: page.map((placed) => listed(placed, connections)),
      next: last ? nextPage(request, { since: from, limit, cursor: cursorOf(last) }) : null,
    };
  }
}

function sinceOf(given: Date | undefined, nowMs: number, hasCursor: boolean): number {
  const sinceMs = given?.getTime() ?? nowMs - defaultMs;
  if (sinceMs >= nowMs - maxMs - (hasCursor ? pagingMs : 0)) return sinceMs;
  const message = 'since must be within the last 7 days';
  throw invalid([{ field: 'since', message, cure: 'Read paging.handle-changes.v1 for older changes.' }]);
}

function listed({ change }: PlacedChange, all: readonly ConnectionSummary[]): ListedChange {
  const { directory, kind, teamHandle, teamName, from, at } = change;
  const connections = all
    .filter((connection) => connection.directory === directory)
    .map(({ connectionId, name }) => ({ connectionId, connectionName: name }));
  return {
    kind,
    handle: handleOf(teamHandle),
    teamName,
    from: from === undefined ? null : handleOf(from),
    at,
    connections,
  };
}

function refuse(error: unknown): never {
  if (error instanceof TooManyChangesError) {
    throw invalid([{ field: 'since', message: error.message, cure: 'Use a later time.' }]);
  }
  if (!(error instanceof ChangesNotReadError)) throw error;
  const detail = `The change log cannot be read now: ${error.message}. Retry in a few seconds.`;
  throw new Problem({ ...problems['changes-not-read'], detail }, { retryAfterMs: 5000 });
}
