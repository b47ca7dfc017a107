import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { actorOf } from '@pagebridge/access';
import { type IdentifiedRequest, invalid, requireHeld } from '@pagebridge/service';
import type { Caller } from '../domain/audit.ts';

/** Injects the caller for the audit. The header `x-actor` names on whose behalf the caller acts, if it may say so. */
export const CallerOf = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<IdentifiedRequest>();
  const { identity, id } = request;
  if (!identity) throw new Error('a route that is audited requires a permission');
  return { actor: actorOf(identity), onBehalfOf: onBehalfOf(request), requestId: String(id ?? '') };
});

/** Returns for whom the caller says it acts. Throws if it may not say so. */
export function onBehalfOf(request: IdentifiedRequest): string | null {
  const header = request.headers['x-actor'];
  if (header === undefined || header === '') return null;
  requireHeld(request, 'audit:on-behalf');
  if (typeof header === 'string' && /^[\x20-\x7e]{1,128}$/.test(header)) return header;
  const message = 'x-actor must be 1 to 128 printable ASCII characters';
  throw invalid([{ field: 'x-actor', message, cure: 'Use a name or an e-mail address, or omit x-actor.' }]);
}
