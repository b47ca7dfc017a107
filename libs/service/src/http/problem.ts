import { HttpException } from '@nestjs/common';

export interface FieldError {
  /** The path of the field in the body, or the name of the header or query parameter. */
  readonly field: string;
  readonly message: string;
  readonly cure?: string;
}

export interface ProblemDetails {
  readonly status: number;
  /** A machine-readable code such as `name-taken`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/**
 * An error that is answered as `application/problem+json` (RFC 9457). The members of `extra` are added to the body as they are;
 * `retryAfterMs` also sets the header `Retry-After`. If the error has a `cause`, it is logged.
 */
export class Problem extends HttpException {
  /** `reason` is the reason for the audit, where it must differ from the code that the caller sees. */
  constructor(
    readonly details: ProblemDetails,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly reason = details.code,
  ) {
    super(details.title, details.status);
  }
}
