import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Identity } from '@pagebridge/access';
import type { Request } from 'express';

/** A request that the guard has seen: whose it is, and which source org it names. */
export type IdentifiedRequest = Request & { identity?: Identity; sourceOrg?: string; id?: string };

/** Who asks. */
export const IdentityOf = createParamDecorator((_data: unknown, context: ExecutionContext): Identity | undefined => {
  return context.switchToHttp().getRequest<IdentifiedRequest>().identity;
});
