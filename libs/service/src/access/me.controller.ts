import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type Identity, permissions } from '@pagebridge/access';
import { IdentityOf } from './identity-of.decorator.ts';
import { Requires } from './requires.decorator.ts';

class GrantAnswer {
  @ApiProperty({ description: 'Id of a source org, or `*` for all source orgs.', example: 'acme-us' })
  sourceOrg!: string;

  @ApiProperty({ enum: permissions, isArray: true })
  permissions!: string[];
}

class MeAnswer {
  @ApiProperty({ example: 'https://login.example.com/realms/ops' })
  issuer!: string;

  @ApiProperty({ description: 'Subject of the token; the audit names the caller `<issuer>#<subject>`.' })
  subject!: string;

  @ApiProperty({ type: [GrantAnswer], description: 'Empty for a caller without permissions.' })
  grants!: GrantAnswer[];
}

/** Says what the token of a request is worth. Reads nothing else, so it answers whatever the service waits for. */
@ApiTags('caller')
@Controller('v1/me')
export class MeController {
  // Without a permission, since also a caller that holds none asks what it may do.
  @Requires([], 'none')
  @Get()
  @ApiOperation({ summary: "Read the caller's identity and permissions" })
  @ApiOkResponse({ type: MeAnswer })
  read(@IdentityOf() { issuer, subject, grants }: Identity): MeAnswer {
    const grantOf = ({ sourceOrg, permissions: held }: Identity['grants'][number]): GrantAnswer => ({
      sourceOrg,
      permissions: permissions.filter((permission) => held.has(permission)),
    });
    return { issuer, subject, grants: grants.map(grantOf) };
  }
}
