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
  @ApiProperty({ ...text, description: 'It begins the keys of its alerts.' })
  name!: string;
  @ApiProperty({ enum: integrationKinds })
  kind!: string;
  @ApiProperty({ ...text, nullable: true, description: 'The handle whose team is paged if an alert names none.' })
  defaultHandle!: string | null;
  @ApiProperty({ type: [String], description: 'Names of alerts that the default handle is not for.' })
  noDefaultFor!: readonly string[];
  @ApiProperty({ type: [SeverityPriorityAnswer] })
  severities!: readonly SeverityPriorityAnswer[];
  @ApiProperty({ ...count, description: 'Hours after which an alert that still fires is published again.' })
  repeatHours!: number;
  @ApiProperty({ ...count, description: 'Grows with each change.' })
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
