import { Catch } from '@nestjs/common';
import { type Problem, ProblemFilter } from '@pagebridge/service';
import type { Request, Response } from 'express';

/**
 * Answers a problem as PagerDuty does, since its clients read nothing else. They send again after 429 and 5xx, and show `errors` of a 400:
 * a wrong key is one.
 */
@Catch()
export class EventsV2Filter extends ProblemFilter {
  protected override answer({ details }: Problem, _request: Request, response: Response): void {
    const { status, title, detail } = details;
    const isKey = status === 401 || status === 403;
    response.removeHeader('www-authenticate');
    response.status(isKey ? 400 : status).json({
      status: status === 429 ? 'throttle exceeded' : status >= 500 ? 'error' : 'invalid event',
      message: isKey || status === 400 ? 'Event object is invalid' : title,
      errors: isKey ? ['Invalid routing key', detail] : [detail],
    });
  }
}
