import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Identity } from '@pagebridge/access';
import {
  ApiProblems,
  type IdentifiedRequest,
  IdentityOf,
  OrgParam,
  Requires,
  serviceProblems,
} from '@pagebridge/service';
import { maxMentionLength } from '@pagebridge/vocabulary';
import { IsUUID, Matches, MaxLength } from 'class-validator';
import { intakeProblems as problems } from '../problems.ts';
import { TestPages } from './test-pages.ts';

const handleForm = '^@oncall-[a-z0-9._:/-]*[a-z0-9.:/-]$';
const maxOfHandle = '@oncall-'.length + maxMentionLength;
const must = {
  message: 'handle must be a handle such as @oncall-globex-eu/core-infra',
  context: { cure: 'Use a qualifiedHandle from GET /v1/source-orgs/{org}/handles.' },
};

class TestPageRequest {
  @ApiProperty({
    description: 'Handle to page; use the qualified handle if several teams have the handle.',
    example: '@oncall-globex-eu/core-infra',
    pattern: handleForm,
    maxLength: maxOfHandle,
  })
  @Matches(new RegExp(handleForm), must)
  @MaxLength(maxOfHandle, must)
  handle!: string;
}

class TestPageAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ description: 'Key of the alert, for a trace.' })
  alertKey!: string;
  @ApiProperty({ format: 'date-time' })
  sentAt!: string;
}

class TestPageParam extends OrgParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID(undefined, { message: 'id must be the id of a test page' })
  id!: string;
}

/** Pages a team for a test, on behalf of a person or program and not of an integration. */
@ApiTags('test pages')
@Controller('v1/source-orgs/:org/test-pages')
export class TestPagesController {
  constructor(private readonly tests: TestPages) {}

  @Requires('alerts:test')
  @Post()
  @ApiOperation({
    summary: 'Send a test page to the team of a handle',
    description:
      'The test alert has its own title, tag and key, and is routed like any alert: an unknown handle pages the fallback of the org.',
  })
  @ApiCreatedResponse({ type: TestPageAnswer, description: 'Kafka has stored the test alert.' })
  @ApiProblems(serviceProblems['not-ready'], problems['kafka-away'], problems['too-many-test-pages'])
  async send(
    @Param() { org: sourceOrg }: OrgParam,
    @Body() { handle }: TestPageRequest,
    @IdentityOf() by: Identity,
    @Req() { id: requestId = '' }: IdentifiedRequest,
  ): Promise<TestPageAnswer> {
    const id = randomUUID();
    const { data } = await this.tests.send({ sourceOrg, id, handle, by }, requestId);
    return { id, alertKey: data.alertKey, sentAt: data.occurredAt };
  }

  @Requires('alerts:test')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Resolve a test page (automatic after ten minutes)' })
  @ApiNoContentResponse({ description: 'Kafka has stored the recovery.' })
  @ApiProblems(serviceProblems['not-ready'], problems['kafka-away'])
  resolve(@Param() { org, id }: TestPageParam): Promise<void> {
    return this.tests.resolve(org, id);
  }
}
