import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { Problem } from '@pagebridge/service';
import type { Response } from 'express';

/**
 * Answers a problem as PagerDuty does, since its clients read nothing else. They come again after 429 and 5xx, and show `errors` of a 400:
 * a wrong key is one.
 */
@Catch(Problem)
export class EventsV2Filter implements ExceptionFilter<Problem> {
  catch({ details, retryAfter }: Problem, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { status, title, detail } = details;
    const isKey = status === 401 || status === 403;
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    response.removeHeader('www-authenticate');
    response.status(isKey ? 400 : status).json({
      status: status === 429 ? 'throttle exceeded' : status >= 500 ? 'error' : 'invalid event',
      message: isKey || status === 400 ? 'Event object is invalid' : title,
      errors: isKey ? ['Invalid routing key', detail] : [detail],
    });
  }
}
