import { Problem, type ProblemDetails } from './problem.ts';

/** A problem because of the caller's permissions or limits: answered like any other problem, and also recorded in the audit. */
export class Denial extends Problem {
  /** `reason` is the reason for the audit, where it must differ from the code that the caller sees. */
  constructor(
    details: ProblemDetails,
    extra: Readonly<Record<string, unknown>> = {},
    readonly reason = details.code,
  ) {
    super(details, extra);
  }
}
