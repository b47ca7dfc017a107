import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { defaultFailoverSeconds, failoverBounds, type Share, shares } from '@pagebridge/contracts';
import { OrgParam } from '@pagebridge/service';
import { dataCenterNamePattern, slugPattern, teamHandlePattern } from '@pagebridge/vocabulary';
import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { NewCredentials } from './credential-requests.ts';
import { Id, MayBeLeftOut, Name, rule, teamHandle, WholeNumber, withoutPrefix } from './rules.ts';

export class ConnectionPath extends OrgParam {
  @Id('Connection id.', 'connections')
  id!: string;
}

const words: Readonly<Record<string, boolean>> = { true: true, false: false };

export class DeletionQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Deletes the connection at once; its open pages stay open.',
  })
  @Transform(({ value }) => words[value] ?? value)
  @IsBoolean(rule('true or false', 'Use true or false, or omit force to resolve open pages first.'))
  force = false;
}

export class NewConnection extends NewCredentials {
  @Name(
    'Globex Europe',
    'Use a short name that is unique in the source org, without zero-width or bidirectional characters.',
  )
  name!: string;

  @ApiProperty({ pattern: dataCenterNamePattern, example: 'EU1' })
  @Matches(
    new RegExp(dataCenterNamePattern),
    rule('the name of a data center, as in EU1', 'Use a name from GET /v1/data-centers.'),
  )
  dataCenter!: string;

  @ApiPropertyOptional({
    default: false,
    description:
      'Creates the connection even if another one leads to the same destination org; each handle is then ambiguous.',
  })
  @MayBeLeftOut()
  @IsBoolean(rule('true or false', 'Send a JSON boolean, or omit the field.'))
  allowDuplicate?: boolean;
}

export class FailoverInput {
  @Id('Backup: another connection of the source org.', 'connections')
  connectionId!: string;

  @ApiProperty({ pattern: teamHandlePattern, example: 'operations', description: 'Team of the backup.' })
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /', withoutPrefix))
  teamHandle!: string;

  @WholeNumber(
    failoverBounds.afterFailures,
    'Failed calls before the backup is paged, if reached before `afterSeconds`.',
  )
  afterFailures?: number;

  @WholeNumber(
    failoverBounds.afterSeconds,
    `Seconds without acceptance before the backup is paged; default ${defaultFailoverSeconds}.`,
  )
  afterSeconds?: number;
}

// Any other value counts as an object in which every field is missing.
const asFailover = ({ value }: { value: unknown }) =>
  value === null
    ? null
    : plainToInstance(FailoverInput, typeof value === 'object' && !Array.isArray(value) ? value : {});

export class ConnectionPatch extends PartialType(PickType(NewConnection, ['name']), { skipNullProperties: false }) {
  @ApiPropertyOptional({ pattern: slugPattern, example: 'globex-europe' })
  @MayBeLeftOut()
  @Matches(
    new RegExp(slugPattern),
    rule(
      '1 to 63 of a-z, 0-9 and hyphens, without a hyphen at either end',
      'Use a slug such as globex-europe; qualified handles contain it.',
    ),
  )
  slug?: string;

  @ApiPropertyOptional({ description: 'False: the handles of the connection are known but page nobody.' })
  @MayBeLeftOut()
  @IsBoolean(rule('true or false', 'Send a JSON boolean.'))
  enabled?: boolean;

  @ApiPropertyOptional({ type: FailoverInput, nullable: true, description: 'Null removes it.' })
  @IsOptional()
  @Transform(asFailover)
  @ValidateNested()
  failover?: FailoverInput | null;

  @ApiPropertyOptional({
    enum: shares,
    description:
      'What a snapshot shows to everyone who has the link at the end of a page, also for pages that were already sent. ' +
      'Changing it also requires `credentials:write`.',
  })
  @MayBeLeftOut()
  @IsIn(shares, rule(`one of ${shares.join(', ')}`, 'Use one of these values; none shares nothing.'))
  share?: Share;
}
