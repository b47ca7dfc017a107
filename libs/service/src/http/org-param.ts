import { ApiProperty } from '@nestjs/swagger';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Matches } from 'class-validator';

/** The source org in the path of a route. */
export class OrgParam {
  @ApiProperty({ description: 'Id of the source org.', example: 'acme-us', pattern: orgIdPattern })
  @Matches(new RegExp(orgIdPattern), {
    message: 'org must be 1 to 63 of a-z, 0-9 and -, with no - at either end',
    context: { cure: 'Use the id of the source org, such as acme-us.' },
  })
  org!: string;
}
