import { HttpException } from '@nestjs/common';

export interface FieldError {
  /** The path of the field in the body, or the name of the header or query parameter. */
  readonly field: string;
  readonly message: string;
  readonly cure?: string;
}

declare const listed: unique symbol;

/** What all problems with one code share. Only `listProblems` makes one, so that documents can name every code. */
export interface ProblemKind {
  /** A machine-readable code such as `name-taken`. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly [listed]: true;
}

/** Returns the problems of a list of codes. */
export const listProblems = <Code extends string>(
  list: Readonly<Record<Code, readonly [status: number, title: string]>>,
): Readonly<Record<Code, ProblemKind>> => {
  const entries = Object.entries<readonly [number, string]>(list);
  const kinds = entries.map(([code, [status, title]]) => [code, { code, status, title }]);
  return Object.fromEntries(kinds) as Record<Code, ProblemKind>;
};

export interface ProblemDetails extends ProblemKind {
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

  /** The header `Retry-After`, in seconds. */
  get retryAfter(): string | undefined {
    const { retryAfterMs } = this.extra;
    return typeof retryAfterMs === 'number' ? String(Math.ceil(retryAfterMs / 1000)) : undefined;
  }
}
