import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AnswerEvents, eventStream } from '@pagebridge/service';
import type { Request, Response } from 'express';
import type { Announce } from '../application/credentials/check-keys.ts';

/** Injects what tells the caller each check at once, if it prefers events; otherwise the answer has all checks. */
export const AnnounceOf = createParamDecorator((_data: unknown, context: ExecutionContext): Announce => {
  const http = context.switchToHttp();
  const preferred = http.getRequest<Request>().accepts(['application/json', eventStream]);
  if (preferred !== eventStream) return () => undefined;
  const events = new AnswerEvents(http.getResponse<Response>());
  return (check) => events.send('check', check);
});
