import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@pagebridge/service';
import { type Observable, tap } from 'rxjs';
import { intakeProblems as problems } from '../problems.ts';
import { type Answer, IntakeMetrics } from '../sending/intake-metrics.ts';
import { SOURCE, type SourceRules } from './caller.ts';

/** Returns how a request is answered that ends with this error. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof Problem)) return 'failed';
  const { code, status } = error.details;
  if (code === problems['kafka-away'].code) return 'held-too-long';
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 429 ? 'not-understood' : 'shed';
}

/** Counts the answers to the requests that the guard admits; it counts the others itself, since it comes first. */
@Injectable()
export class CountedAnswers implements NestInterceptor {
  constructor(
    private readonly metrics: IntakeMetrics,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { kind } = this.reflector.get<SourceRules>(SOURCE, context.getHandler());
    return next.handle().pipe(
      tap({
        next: () => this.metrics.answered(kind, 'taken'),
        error: (error: unknown) => this.metrics.answered(kind, answerOf(error)),
      }),
    );
  }
}
