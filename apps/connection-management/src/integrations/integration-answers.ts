import { ApiProperty } from '@nestjs/swagger';
import { integrationKinds, priorities } from '@pagebridge/vocabulary';
import { count, PageOf, text, time } from '../inbound/dto/fields.ts';
import type { Integration } from './integration.entity.ts';

class SeverityPriorityAnswer {
  @ApiProperty(text)
  severity!: string;
  @ApiProperty({ enum: priorities })
  priority!: string;
}

export class IntegrationAnswer {
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty({ ...text, description: 'Name of the integration; prefix of its alert keys.' })
  name!: string;
  @ApiProperty({ enum: integrationKinds })
  kind!: string;
  @ApiProperty({ ...text, nullable: true, description: 'Handle to page if an alert names no handle.' })
  defaultHandle!: string | null;
  @ApiProperty({ type: [String], description: 'Names of alerts for which the default handle is not used.' })
  noDefaultFor!: readonly string[];
  @ApiProperty({ type: [SeverityPriorityAnswer] })
  severities!: readonly SeverityPriorityAnswer[];
  @ApiProperty({ ...count, description: 'Hours after which a firing alert is published again.' })
  repeatHours!: number;
  @ApiProperty({ ...count, description: 'Incremented with each change.' })
  version!: number;
  @ApiProperty(time)
  createdAt!: string;
  @ApiProperty(time)
  updatedAt!: string;
}

export class IntegrationPageAnswer extends PageOf(IntegrationAnswer) {}

export const integrationAnswer = (integration: Integration): IntegrationAnswer => ({
  ...integration,
  createdAt: integration.createdAt.toISOString(),
  updatedAt: integration.updatedAt.toISOString(),
});
