import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { invalid } from '@pagebridge/service';
import type { Request } from 'express';
import type { Caller } from '../domain/audit.ts';

/** Who asks, for the audit: the header `x-actor`, until callers are authenticated. */
export const CallerOf = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<Request & { id?: string }>();
  return { actor: actorOf(request.headers['x-actor']), requestId: String(request.id ?? '') };
});

function actorOf(header: string | string[] | undefined): string {
  if (header === undefined || header === '') return 'anonymous';
  if (typeof header === 'string' && /^[\x20-\x7e]{1,128}$/.test(header)) return header;
  const message = 'x-actor must be 1 to 128 printable ASCII characters';
  throw invalid([{ field: 'x-actor', message, cure: 'Give a name or an e-mail address, or leave it out.' }]);
}
