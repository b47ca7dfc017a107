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
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Removes it at once; its open pages stay open.' })
  @Transform(({ value }) => words[value] ?? value)
  @IsBoolean(rule('true or false', 'Omit it to have open pages resolved first.'))
  force = false;
}

export class NewConnection extends NewCredentials {
  @Name(
    'Globex Europe',
    'Give the connection a short name that is unique in its source org, without zero-width or bidirectional characters.',
  )
  name!: string;

  @ApiProperty({ pattern: dataCenterNamePattern, example: 'EU1' })
  @Matches(
    new RegExp(dataCenterNamePattern),
    rule('the name of a data center, as in EU1', 'Take one of GET /v1/data-centers.'),
  )
  dataCenter!: string;

  @ApiPropertyOptional({
    default: false,
    description:
      'Adds it even if another connection leads to the same destination org, so that each handle means two teams.',
  })
  @MayBeLeftOut()
  @IsBoolean(rule('true or false', 'Send a JSON boolean, or omit it.'))
  allowDuplicate?: boolean;
}

export class FailoverInput {
  @Id('The backup; another connection of the source org.', 'connections')
  connectionId!: string;

  @ApiProperty({ pattern: teamHandlePattern, example: 'operations', description: 'Team of the backup.' })
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /', withoutPrefix))
  teamHandle!: string;

  @WholeNumber(
    failoverBounds.afterFailures,
    'Calls that failed before the backup is paged, if that is sooner than `afterSeconds`.',
  )
  afterFailures?: number;

  @WholeNumber(
    failoverBounds.afterSeconds,
    `Seconds without acceptance before the backup is paged; ${defaultFailoverSeconds} if not given.`,
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
      'Give a slug such as globex-europe; it is part of what people write in qualified handles.',
    ),
  )
  slug?: string;

  @ApiPropertyOptional({ description: 'False: its handles stay known but page nobody.' })
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
      'What a snapshot shows to whoever has the link that ends the text of a page, also of pages that are out already. ' +
      'Setting it needs `credentials:write` too.',
  })
  @MayBeLeftOut()
  @IsIn(shares, rule(`one of ${shares.join(', ')}`, 'Send none to share nothing.'))
  share?: Share;
}
