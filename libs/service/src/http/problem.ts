import { HttpException } from '@nestjs/common';

export interface FieldError {
  /** Path of the field in the body, or the name of the header or query parameter. */
  readonly field: string;
  readonly message: string;
  readonly cure?: string;
}

export interface ProblemDetails {
  readonly status: number;
  /** A word for programs, as in `name-taken`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/**
 * A refusal, answered as `application/problem+json` (RFC 9457); `extra` members are added as they are, and `retryAfterMs`
 * becomes the header `Retry-After` too.
 */
export class Problem extends HttpException {
  constructor(
    readonly details: ProblemDetails,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(details.title, details.status);
  }
}
