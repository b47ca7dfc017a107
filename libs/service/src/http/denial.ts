import { Problem, type ProblemDetails } from './problem.ts';

/** A problem of what its caller may do, or how often: it is answered like any other, and told to the audit. */
export class Denial extends Problem {
  /** `reason` is what the audit calls it, where the caller is not to know. */
  constructor(
    details: ProblemDetails,
    extra: Readonly<Record<string, unknown>> = {},
    readonly reason = details.code,
  ) {
    super(details, extra);
  }
}
