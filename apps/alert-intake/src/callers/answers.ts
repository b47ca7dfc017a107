import { Injectable } from '@nestjs/common';
import { Problem, TokenUses } from '@pagebridge/service';
import type { Response } from 'express';
import { intakeProblems as problems } from '../problems.ts';
import { type Answer, IntakeMetrics } from '../sending/intake-metrics.ts';
import type { IncomingRequest, SourceRules } from './caller.ts';

/** Returns how a request is answered that ends with this error. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof Problem)) return 'failed';
  const { code, status } = error.details;
  if (code === problems['kafka-away'].code) return 'held-too-long';
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 429 ? 'not-understood' : 'shed';
}

/** Returns how a request ended without an error. A sender that left while its body arrived did not wait for Kafka. */
function endOf({ incoming }: IncomingRequest, { writableFinished }: Response): Answer {
  if (writableFinished) return 'taken';
  return incoming ? 'held-too-long' : 'shed';
}

/** Counts the answers to requests, and lets an integration show the last one that was refused for what it is. */
@Injectable()
export class Answers {
  constructor(
    private readonly metrics: IntakeMetrics,
    private readonly uses: TokenUses,
  ) {}

  /** Counts the answer to a request once its response is closed. */
  watch({ kind }: SourceRules, request: IncomingRequest, response: Response): void {
    response.on('close', () => {
      const { error } = response.locals;
      const answer = error === undefined ? endOf(request, response) : answerOf(error);
      this.metrics.answered(kind, answer);
      const isOfItself = answer === 'not-understood' || answer === 'unauthorized';
      const { caller } = request;
      if (caller && isOfItself && error instanceof Problem) this.uses.note(caller, { refusal: error.details.detail });
    });
  }
}
