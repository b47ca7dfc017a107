import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem, TokenUses } from '@pagebridge/service';
import { type Observable, tap } from 'rxjs';
import { intakeProblems as problems } from '../problems.ts';
import { type Answer, IntakeMetrics } from '../sending/intake-metrics.ts';
import { type IncomingRequest, SOURCE, type SourceRules } from './caller.ts';

/** Returns how a request is answered that ends with this error. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof Problem)) return 'failed';
  const { code, status } = error.details;
  if (code === problems['kafka-away'].code) return 'held-too-long';
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 429 ? 'not-understood' : 'shed';
}

/** Counts the answers to requests, and lets an integration show the last one that was refused for what it is. */
@Injectable()
export class Answers {
  constructor(
    private readonly metrics: IntakeMetrics,
    private readonly uses: TokenUses,
  ) {}

  taken({ kind }: SourceRules): void {
    this.metrics.answered(kind, 'taken');
  }

  refused({ kind }: SourceRules, { caller }: IncomingRequest, error: unknown): void {
    const answer = answerOf(error);
    this.metrics.answered(kind, answer);
    const isOfItself = answer === 'not-understood' || answer === 'unauthorized';
    if (caller && isOfItself && error instanceof Problem) this.uses.note(caller, { refusal: error.details.detail });
  }
}

/** Counts the answers to the requests of sources that the guard admits; it counts the others itself, since it comes first. */
@Injectable()
export class CountedAnswers implements NestInterceptor {
  constructor(
    private readonly answers: Answers,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rules = this.reflector.get<SourceRules | undefined>(SOURCE, context.getHandler());
    if (!rules) return next.handle();
    const request = context.switchToHttp().getRequest<IncomingRequest>();
    return next.handle().pipe(
      tap({
        next: () => this.answers.taken(rules),
        error: (error: unknown) => this.answers.refused(rules, request, error),
      }),
    );
  }
}
