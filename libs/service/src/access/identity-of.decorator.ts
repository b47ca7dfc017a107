import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Identity } from '@pagebridge/access';
import type { Request } from 'express';

/** A request that the guard has let through. */
export type IdentifiedRequest = Request & { identity?: Identity; id?: string };

/** Who asks. */
export const IdentityOf = createParamDecorator((_data: unknown, context: ExecutionContext): Identity | undefined => {
  return context.switchToHttp().getRequest<IdentifiedRequest>().identity;
});
