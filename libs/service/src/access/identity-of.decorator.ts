import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Identity } from '@pagebridge/access';
import type { Request } from 'express';

/** A request after the access guard, with the identity of its caller and the source org that it names. */
export type IdentifiedRequest = Request & { identity?: Identity; sourceOrg?: string; id?: string };

/** Injects the identity of the caller. */
export const IdentityOf = createParamDecorator((_data: unknown, context: ExecutionContext): Identity | undefined => {
  return context.switchToHttp().getRequest<IdentifiedRequest>().identity;
});
